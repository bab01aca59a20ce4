import type { Integration } from '@aws-sdk/client-api-gateway'
import type { Listener } from '@aws-sdk/client-elastic-load-balancing-v2'
import { MappingError } from './map-request.ts'
import type { Records } from './records.ts'

async function listenerOn(records: Records, arn: string, port: number): Promise<Listener | undefined> {
  return (await records.listeners(arn)).find((listener) => listener.Port === port)
}

/** A v1 link leads to a network load balancer, whose listener forwards to a target group that holds the application load balancer. */
async function behindNetworkLoadBalancer(records: Records, arn: string, port: number): Promise<Listener | undefined> {
  const listener = await listenerOn(records, arn, port)
  const groupArn =
    listener?.DefaultActions?.[0]?.TargetGroupArn ?? listener?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups?.[0]?.TargetGroupArn
  const group = groupArn === undefined ? undefined : await records.targetGroup(groupArn)
  if (group?.TargetGroupArn === undefined || group.TargetType !== 'alb') return undefined
  const target = (await records.targets(group.TargetGroupArn))[0]
  return target?.Id === undefined ? undefined : listenerOn(records, target.Id, target.Port ?? group.Port ?? 80)
}

/**
 * The ALB listener that a private integration reaches on `port`; undefined where nothing listens there.
 * @throws MappingError where the integration names a link or a load balancer that does not exist
 */
export async function findListener(
  records: Records,
  integration: Integration,
  connectionId: string,
  port: number,
): Promise<Listener | undefined> {
  const link = await records.vpcLink(connectionId)
  if (link === undefined) throw new MappingError(`VPC link ${connectionId} does not exist`)
  if (link.version === 1) {
    const arn = link.targetArns[0]
    if (arn === undefined || !(await records.loadBalancer(arn))) throw new MappingError(`VPC link ${connectionId} leads nowhere`)
    return behindNetworkLoadBalancer(records, arn, port)
  }
  const arn = integration.integrationTarget
  if (arn === undefined) throw new MappingError(`the integration over VPC link ${connectionId} (v2) has no integrationTarget`)
  if (!(await records.loadBalancer(arn))) throw new MappingError(`the integration's target ${arn} does not exist`)
  return listenerOn(records, arn, port)
}
