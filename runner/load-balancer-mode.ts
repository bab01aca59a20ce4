import type { LoadBalancerMode } from '../schema/contract.ts'
import { resolveDefinition } from '../schema/resolve-definition.ts'
import type { RunContext } from './run-context.ts'

/** How calls reach the server by the run's revision; undefined where today's schema refuses it. */
export function loadBalancerMode({ definition, contract }: Pick<RunContext, 'definition' | 'contract'>): LoadBalancerMode | undefined {
  return definition && resolveDefinition(definition, contract).loadBalancer.mode
}

/** What the server is once the run's revision is applied: who may call it changes with what they call. */
export const appliedFacts = (context: RunContext) => ({
  appliedMode: loadBalancerMode(context) ?? context.server.appliedMode,
  ...(context.definition && { groups: context.definition.groups }),
})
