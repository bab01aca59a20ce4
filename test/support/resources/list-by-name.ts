import { GetResourcesCommand, GetRestApisCommand } from '@aws-sdk/client-api-gateway'
import { DescribeScalableTargetsCommand, DescribeScalingPoliciesCommand } from '@aws-sdk/client-application-auto-scaling'
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DescribeNetworkInterfacesCommand, DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2'
import {
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs'
import { GetRolePolicyCommand, ListPoliciesCommand, ListRolePoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam'
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager'
import { DescribeParametersCommand } from '@aws-sdk/client-ssm'
import type { AwsClients } from '../../../aws/clients.ts'
import type { ListedSandbox } from '../list-resources.ts'
import { listAlarms } from './list-alarms.ts'
import { listLoadBalancing } from './list-load-balancing.ts'
import { mentions } from './mentions.ts'
import { unlessGone } from './unless-gone.ts'

export type IsOurs = ReturnType<typeof mentions>

/** Every record of every service a server uses whose name, path or rule has the id in it. */
export async function listByName(clients: AwsClients, sandbox: ListedSandbox, serverId: string): Promise<string[]> {
  const isOurs = mentions(serverId)
  const found = await Promise.all([
    ecs(clients, isOurs),
    listLoadBalancing(clients.loadBalancing, isOurs),
    securityGroups(clients, isOurs),
    iam(clients, isOurs),
    scaling(clients, isOurs),
    listAlarms(sandbox, isOurs),
    routes(clients, isOurs),
    others(clients, isOurs),
  ])
  return found.flat().sort()
}

async function ecs({ ecs }: AwsClients, isOurs: IsOurs): Promise<string[]> {
  const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}))
  const ofClusters = await Promise.all(
    clusterArns.map(async (cluster) => {
      const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster, maxResults: 100 }))
      const { services = [] } =
        serviceArns.length > 0 ? await ecs.send(new DescribeServicesCommand({ cluster, services: serviceArns })) : {}
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, maxResults: 100 }))
      const ours = services.filter(({ serviceName, status }) => status !== 'INACTIVE' && isOurs(serviceName))
      return [...ours.map(({ serviceArn, status }) => `ecs service ${serviceArn} ${status}`), ...taskArns.filter((arn) => isOurs(arn))]
    }),
  )
  const families = await Promise.all(
    (['ACTIVE', 'INACTIVE'] as const).map(async (status) => {
      const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({ status, maxResults: 100 }))
      return taskDefinitionArns.filter((arn) => isOurs(arn)).map((arn) => `ecs task definition ${arn} ${status}`)
    }),
  )
  return [...ofClusters, ...families].flat()
}

async function securityGroups({ ec2 }: AwsClients, isOurs: IsOurs): Promise<string[]> {
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}))
  const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({}))
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}))
  const groups = SecurityGroups.filter(({ GroupName, Tags }) => isOurs(GroupName, Tags))
  const ids = new Set(groups.map(({ GroupId }) => GroupId))
  const alive = new Set(SecurityGroups.map(({ GroupId }) => GroupId))
  const rules = SecurityGroupRules.filter(
    ({ GroupId, ReferencedGroupInfo: peer, Tags }) => ids.has(GroupId) || ids.has(peer?.GroupId) || isOurs(Tags),
  )
  const lost = SecurityGroupRules.filter(({ GroupId }) => !alive.has(GroupId))
  return [
    ...groups.map(({ GroupName }) => `security group ${GroupName}`),
    ...rules.map(({ SecurityGroupRuleId }) => `security group rule ${SecurityGroupRuleId}`),
    ...lost.map(({ SecurityGroupRuleId }) => `security group rule ${SecurityGroupRuleId} of no group`),
    ...NetworkInterfaces.filter(({ Description, Groups }) => isOurs(Description, Groups)).map(
      ({ NetworkInterfaceId }) => `network interface ${NetworkInterfaceId}`,
    ),
  ]
}

async function iam({ iam }: AwsClients, isOurs: IsOurs): Promise<string[]> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }))
  const { Policies = [] } = await iam.send(new ListPoliciesCommand({ Scope: 'Local', MaxItems: 1000 }))
  const inline = await Promise.all(
    Roles.map(async ({ RoleName }) => {
      const { PolicyNames = [] } = (await unlessGone(iam.send(new ListRolePoliciesCommand({ RoleName })))) ?? {}
      const documents = await Promise.all(
        PolicyNames.map((PolicyName) => unlessGone(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })))),
      )
      return PolicyNames.flatMap((name, index) =>
        isOurs(RoleName, name, documents[index]?.PolicyDocument) ? [`iam role policy ${RoleName}:${name}`] : [],
      )
    }),
  )
  return [
    ...Roles.filter(({ RoleName }) => isOurs(RoleName)).map(({ RoleName }) => `iam role ${RoleName}`),
    ...Policies.filter(({ PolicyName }) => isOurs(PolicyName)).map(({ PolicyName }) => `iam policy ${PolicyName}`),
    ...inline.flat(),
  ]
}

async function scaling({ autoScaling }: AwsClients, isOurs: IsOurs): Promise<string[]> {
  const { ScalableTargets = [] } = await autoScaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))
  const { ScalingPolicies = [] } = await autoScaling.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs' }))
  return [
    ...ScalableTargets.filter(({ ResourceId }) => isOurs(ResourceId)).map(({ ResourceId }) => `scalable target ${ResourceId}`),
    ...ScalingPolicies.filter(({ ResourceId, PolicyName }) => isOurs(ResourceId, PolicyName)).map(
      ({ PolicyName }) => `scaling policy ${PolicyName}`,
    ),
  ]
}

async function routes({ apiGateway }: AwsClients, isOurs: IsOurs): Promise<string[]> {
  const { items = [] } = await apiGateway.send(new GetRestApisCommand({ limit: 500 }))
  const resources = await Promise.all(items.map(({ id }) => apiGateway.send(new GetResourcesCommand({ restApiId: id, limit: 500 }))))
  return resources.flatMap((page) => page.items ?? []).flatMap(({ path }) => (isOurs(path) ? [`rest resource ${path}`] : []))
}

async function others({ logs, secrets, ssm }: AwsClients, isOurs: IsOurs): Promise<string[]> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/gantry/' }))
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({ IncludePlannedDeletion: true, MaxResults: 100 }))
  const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({}))
  return [
    ...logGroups.flatMap(({ logGroupName }) => (isOurs(logGroupName) ? [`log group ${logGroupName}`] : [])),
    ...SecretList.flatMap(({ Name }) => (isOurs(Name) ? [`secret ${Name}`] : [])),
    ...Parameters.flatMap(({ Name }) => (isOurs(Name) ? [`parameter ${Name}`] : [])),
  ]
}
