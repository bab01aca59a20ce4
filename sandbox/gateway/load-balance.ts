import type { Action, Listener, TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import { matchRule, type RuleInput } from './match-rule.ts'
import type { Records } from './records.ts'

/** What an application load balancer does with a request. */
export type BalancerDecision = { readonly kind: 'forward'; readonly host: string; readonly port: number } | BalancerResponse

/** An answer of the load balancer's own. */
export interface BalancerResponse {
  readonly kind: 'respond'
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Whether a registered target passes its health checks: the ECS agent's truth. */
export type IsHealthy = (targetGroupArn: string, target: { id: string; port: number }) => boolean

const page = (status: number, title: string): BalancerResponse => ({
  kind: 'respond',
  status,
  contentType: 'text/html',
  body: `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
})

function targetGroupOf(action: Action | undefined): string | undefined {
  return action?.TargetGroupArn ?? action?.ForwardConfig?.TargetGroups?.find((group) => group.Weight !== 0)?.TargetGroupArn
}

/** Decides by the listener's rules, and picks healthy targets in turn; none healthy is a 503. */
export function createLoadBalancer(records: Records, isHealthy: IsHealthy) {
  const turns = new Map<string, number>()
  const next = (groupArn: string, healthy: readonly TargetDescription[]): TargetDescription | undefined => {
    const turn = (turns.get(groupArn) ?? -1) + 1
    turns.set(groupArn, turn)
    return healthy[turn % healthy.length]
  }
  return async function balance(listener: Listener, input: RuleInput): Promise<BalancerDecision> {
    const rule = matchRule(await records.rules(listener.ListenerArn ?? ''), input)
    const action = (rule?.Actions ?? listener.DefaultActions)?.at(-1)
    if (action?.Type === 'fixed-response') {
      const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {}
      return { kind: 'respond', status: Number(StatusCode ?? 503), contentType: ContentType ?? 'text/plain', body: MessageBody ?? '' }
    }
    const groupArn = targetGroupOf(action)
    const group = groupArn === undefined ? undefined : await records.targetGroup(groupArn)
    if (groupArn === undefined || group === undefined) return page(503, 'Service Temporarily Unavailable')
    const portOf = (target: TargetDescription): number => target.Port ?? group.Port ?? 80
    const healthy = (await records.targets(groupArn)).filter((target) => isHealthy(groupArn, { id: target.Id ?? '', port: portOf(target) }))
    const target = next(groupArn, healthy)
    if (target?.Id === undefined) return page(503, 'Service Temporarily Unavailable')
    return { kind: 'forward', host: target.Id, port: portOf(target) }
  }
}

export const badGateway = page(502, 'Bad Gateway')
export const gatewayTimeout = page(504, 'Gateway Time-out')
