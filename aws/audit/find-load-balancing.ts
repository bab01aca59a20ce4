import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  LoadBalancerNotFoundException,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { type AuditedServer, type FoundResource, isTaggedFor } from './found-resource.ts'

/** The server's own load balancer and its listeners. */
export async function findLoadBalancer(
  loadBalancing: ElasticLoadBalancingV2Client,
  name: string,
  server: AuditedServer,
): Promise<FoundResource[]> {
  try {
    const { LoadBalancers = [] } = await loadBalancing.send(new DescribeLoadBalancersCommand({ Names: [name] }))
    const arn = LoadBalancers[0]?.LoadBalancerArn
    if (!arn) return []
    const { TagDescriptions = [] } = await loadBalancing.send(new DescribeTagsCommand({ ResourceArns: [arn] }))
    if (!isTaggedFor(server, TagDescriptions[0]?.Tags)) return []
    const { Listeners = [] } = await loadBalancing.send(new DescribeListenersCommand({ LoadBalancerArn: arn }))
    const listeners = Listeners.flatMap(({ ListenerArn }) =>
      ListenerArn ? [{ type: 'aws_lb_listener', name, importId: ListenerArn }] : [],
    )
    return [{ type: 'aws_lb', name, importId: arn }, ...listeners]
  } catch (error) {
    if (error instanceof LoadBalancerNotFoundException) return []
    throw error
  }
}

/** The server's rule on the shared listener, by its path. */
export async function findListenerRules(
  loadBalancing: ElasticLoadBalancingV2Client,
  listenerArn: string,
  serverId: string,
): Promise<FoundResource[]> {
  const found: FoundResource[] = []
  let Marker: string | undefined
  do {
    const page = await loadBalancing.send(new DescribeRulesCommand({ ListenerArn: listenerArn, ...(Marker ? { Marker } : {}) }))
    for (const { RuleArn, Conditions = [] } of page.Rules ?? []) {
      const paths = Conditions.flatMap(({ PathPatternConfig, Values }) => PathPatternConfig?.Values ?? Values ?? [])
      if (RuleArn && paths.includes(`/mcp/${serverId}`)) {
        found.push({ type: 'aws_lb_listener_rule', name: `/mcp/${serverId}`, importId: RuleArn })
      }
    }
    Marker = page.NextMarker
  } while (Marker)
  return found
}

/** A target group's name may be cut and hashed, so its beginning is only a hint and its tag decides. */
export async function findTargetGroups(loadBalancing: ElasticLoadBalancingV2Client, server: AuditedServer): Promise<FoundResource[]> {
  const hint = `${server.platform}-${server.id}`.slice(0, 20)
  const candidates = new Map<string, string>()
  for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client: loadBalancing }, {})) {
    for (const { TargetGroupArn, TargetGroupName = '' } of TargetGroups) {
      if (TargetGroupArn && TargetGroupName.startsWith(hint)) candidates.set(TargetGroupArn, TargetGroupName)
    }
  }
  const found: FoundResource[] = []
  const arns = [...candidates.keys()]
  for (let start = 0; start < arns.length; start += 20) {
    const { TagDescriptions = [] } = await loadBalancing.send(new DescribeTagsCommand({ ResourceArns: arns.slice(start, start + 20) }))
    for (const { ResourceArn = '', Tags = [] } of TagDescriptions) {
      if (isTaggedFor(server, Tags))
        found.push({ type: 'aws_lb_target_group', name: candidates.get(ResourceArn) ?? '', importId: ResourceArn })
    }
  }
  return found
}
