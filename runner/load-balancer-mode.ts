import { resolveDefinition } from '../schema/resolve-definition.ts'
import type { RunContext } from './run-context.ts'

/** Whether the server has a load balancer and API Gateway routes of its own. */
export function isDedicated({ definition, contract }: Pick<RunContext, 'definition' | 'contract'>): boolean {
  return definition !== undefined && resolveDefinition(definition, contract).loadBalancer.mode === 'dedicated'
}
