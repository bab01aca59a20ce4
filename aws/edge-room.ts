import { type APIGatewayClient, GetResourcesCommand } from '@aws-sdk/client-api-gateway'
import { DescribeRulesCommand, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'

/** Rules of one load balancer, its default ones aside (AWS's default quota; as many as target groups). */
export const mostRules = 100
/** Resources of one REST API, the root among them (AWS's default quota). */
export const mostRestResources = 300

export async function countRules(loadBalancing: ElasticLoadBalancingV2Client, ListenerArn: string): Promise<number> {
  let count = 0
  let Marker: string | undefined
  do {
    const page = await loadBalancing.send(new DescribeRulesCommand({ ListenerArn, ...(Marker ? { Marker } : {}) }))
    count += (page.Rules ?? []).filter(({ IsDefault }) => !IsDefault).length
    Marker = page.NextMarker
  } while (Marker)
  return count
}

export async function countRestResources(apiGateway: APIGatewayClient, restApiId: string): Promise<number> {
  let count = 0
  let position: string | undefined
  do {
    const page = await apiGateway.send(new GetResourcesCommand({ restApiId, limit: 500, ...(position ? { position } : {}) }))
    count += (page.items ?? []).length
    position = page.position
  } while (position)
  return count
}
