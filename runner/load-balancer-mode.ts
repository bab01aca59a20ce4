import type { LoadBalancerMode } from '../schema/contract.ts'
import { resolveDefinition } from '../schema/resolve-definition.ts'
import type { RunContext } from './run-context.ts'

/** How calls reach the server by the run's revision; undefined where today's schema refuses it. */
export function loadBalancerMode({ definition, contract }: Pick<RunContext, 'definition' | 'contract'>): LoadBalancerMode | undefined {
  return definition && resolveDefinition(definition, contract).loadBalancer.mode
}
