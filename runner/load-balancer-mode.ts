import type { RunContext } from './run-context.ts'

/** Whether the server has a load balancer and API Gateway routes of its own; only edge `alb` can give it them. */
export function isDedicated({ definition, contract }: Pick<RunContext, 'definition' | 'contract'>): boolean {
  return contract.edge === 'alb' && (definition?.loadBalancer?.mode ?? contract.defaults.loadBalancer) === 'dedicated'
}
