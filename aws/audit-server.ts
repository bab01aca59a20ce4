import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { PlatformContract } from '../schema/contract.ts'
import { resourceName } from '../schema/names.ts'
import { findListenerRules, findLoadBalancer, findTargetGroups } from './audit/find-load-balancing.ts'
import { findRole } from './audit/find-roles.ts'
import { findRoutes } from './audit/find-routes.ts'
import { findSecrets } from './audit/find-secrets.ts'
import { findSecurityGroups } from './audit/find-security-groups.ts'
import { findScaling, findService, findTaskDefinitions } from './audit/find-tasks.ts'
import type { FoundResource } from './audit/found-resource.ts'
import type { AwsClients } from './clients.ts'

export type { FoundResource } from './audit/found-resource.ts'

/** Everything in AWS that carries this server's names, service by service. State and memory are not asked. */
export async function auditServer(clients: AwsClients, contract: PlatformContract, serverId: string): Promise<FoundResource[]> {
  const { platform, cluster, network, api, sharedAlb } = contract
  const server = { id: serverId, platform }
  const named = (maxLength: number, suffix?: string): string =>
    resourceName({ platform, serverId, maxLength, ...(suffix ? { suffix } : {}) })
  const found = await Promise.all([
    findService(clients.ecs, cluster.name, named(255)),
    findTaskDefinitions(clients.ecs, named(255)),
    findScaling(clients.autoScaling, cluster.name, named(255)),
    findRole(clients.iam, named(64, 'execution'), server),
    findRole(clients.iam, named(64, 'task'), server),
    findTargetGroups(clients.loadBalancing, server),
    findLoadBalancer(clients.loadBalancing, named(32), server),
    findListenerRules(clients.loadBalancing, sharedAlb.listenerArn, serverId),
    findSecurityGroups(clients.ec2, network.vpcId, server),
    findRoutes(clients.apiGateway, api.id, serverId),
    findSecrets(clients.secrets, server),
    findLogGroup(clients, `/gantry/${platform}/${serverId}`),
  ])
  return found.flat()
}

async function findLogGroup({ logs }: AwsClients, name: string): Promise<FoundResource[]> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }))
  return logGroups.some(({ logGroupName }) => logGroupName === name) ? [{ type: 'aws_cloudwatch_log_group', name, importId: name }] : []
}
