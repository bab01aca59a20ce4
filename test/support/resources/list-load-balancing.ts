import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { IsOurs } from './list-by-name.ts'
import { unlessGone } from './unless-gone.ts'

/** Load balancers and target groups by name, rules by their words, listeners by their load balancer. */
export async function listLoadBalancing(client: ElasticLoadBalancingV2Client, isOurs: IsOurs): Promise<string[]> {
  const found: string[] = []
  for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client }, {})) {
    found.push(...TargetGroups.flatMap(({ TargetGroupName }) => (isOurs(TargetGroupName) ? [`target group ${TargetGroupName}`] : [])))
  }
  for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client }, {})) {
    for (const { LoadBalancerArn, LoadBalancerName } of LoadBalancers) {
      if (isOurs(LoadBalancerName)) found.push(`load balancer ${LoadBalancerName}`)
      const { Listeners = [] } = (await unlessGone(client.send(new DescribeListenersCommand({ LoadBalancerArn })))) ?? {}
      for (const listener of Listeners) {
        if (isOurs(LoadBalancerName, listener)) found.push(`listener ${listener.ListenerArn}`)
        const { Rules = [] } = (await unlessGone(client.send(new DescribeRulesCommand({ ListenerArn: listener.ListenerArn })))) ?? {}
        found.push(...Rules.flatMap((rule) => (isOurs(rule) ? [`listener rule ${rule.RuleArn}`] : [])))
      }
    }
  }
  return found
}
