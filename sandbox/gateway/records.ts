import {
  type APIGatewayClient,
  type Authorizer,
  type GatewayResponse,
  GetStageCommand,
  GetVpcLinkCommand,
  NotFoundException,
  type Resource,
  type Stage,
} from '@aws-sdk/client-api-gateway'
import { type ApiGatewayV2Client, GetVpcLinkCommand as GetVpcLinkV2Command } from '@aws-sdk/client-apigatewayv2'
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type LoadBalancer,
  type Rule,
  type TargetDescription,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { createCache } from './cache.ts'

export interface RecordClients {
  readonly apiGateway: APIGatewayClient
  readonly apiGatewayV2: ApiGatewayV2Client
  readonly loadBalancing: ElasticLoadBalancingV2Client
  /** The emulator's own address, for the snapshot of a deployment. */
  readonly emulatorUrl: string
}

/** What a deployment holds: the whole API as it was when the deployment was made. */
export interface Snapshot {
  readonly resources: readonly Resource[]
  readonly authorizers: readonly Authorizer[]
  readonly gatewayResponses: readonly GatewayResponse[]
}

/** Every record that the data plane is found by, each read at most once a cache's life. */
export interface Records {
  stage(apiId: string, stageName: string): Promise<Stage>
  snapshot(apiId: string, deploymentId: string): Promise<Snapshot>
  /** Whether a v2 link of that id exists, and the load balancers a v1 link leads to. */
  vpcLink(id: string): Promise<{ version: 1; targetArns: readonly string[] } | { version: 2 } | undefined>
  loadBalancer(arn: string): Promise<LoadBalancer | undefined>
  listeners(loadBalancerArn: string): Promise<readonly Listener[]>
  rules(listenerArn: string): Promise<readonly Rule[]>
  targetGroup(arn: string): Promise<TargetGroup | undefined>
  /** How long a load balancer lets a connection be silent. */
  idleTimeoutMs(loadBalancerArn: string): Promise<number>
  targets(targetGroupArn: string): Promise<readonly TargetDescription[]>
  /** Forgets every record that can change; worth calling after writes. Without it a record is at most a second old. */
  refresh(): void
}

async function orUndefined<T>(read: Promise<T>): Promise<T | undefined> {
  return read.catch((error: unknown) => {
    if (error instanceof Error && /NotFound/.test(error.name)) return undefined
    throw error
  })
}

async function readSnapshot(url: string): Promise<Snapshot> {
  const response = await fetch(url)
  if (response.status === 404) throw new NotFoundException({ message: 'Invalid Deployment identifier specified', $metadata: {} })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return (await response.json()) as Snapshot
}

async function readVpcLink(clients: RecordClients, id: string) {
  const v2 = await orUndefined(clients.apiGatewayV2.send(new GetVpcLinkV2Command({ VpcLinkId: id })))
  if (v2) return { version: 2 as const }
  const v1 = await orUndefined(clients.apiGateway.send(new GetVpcLinkCommand({ vpcLinkId: id })))
  return v1 ? { version: 1 as const, targetArns: v1.targetArns ?? [] } : undefined
}

/** Reads records from the emulator through two caches: one for what changes, one for deployments, which never do. */
export function createRecords(clients: RecordClients): Records {
  const live = createCache(1000)
  const immutable = createCache(Number.POSITIVE_INFINITY)
  const { apiGateway, loadBalancing } = clients
  return {
    stage: (restApiId, stageName) =>
      live.get(`stage ${restApiId} ${stageName}`, () => apiGateway.send(new GetStageCommand({ restApiId, stageName }))),
    snapshot: (apiId, deploymentId) =>
      immutable.get(`snapshot ${apiId} ${deploymentId}`, () =>
        readSnapshot(`${clients.emulatorUrl}/_gantry/restapis/${apiId}/deployments/${deploymentId}`),
      ),
    vpcLink: (id) => live.get(`link ${id}`, () => readVpcLink(clients, id)),
    loadBalancer: (arn) =>
      live.get(`balancer ${arn}`, async () => {
        const found = await orUndefined(loadBalancing.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })))
        return found?.LoadBalancers?.[0]
      }),
    listeners: (arn) =>
      live.get(`listeners ${arn}`, async () => {
        const found = await orUndefined(loadBalancing.send(new DescribeListenersCommand({ LoadBalancerArn: arn })))
        return found?.Listeners ?? []
      }),
    rules: (arn) =>
      live.get(`rules ${arn}`, async () => {
        const found = await orUndefined(loadBalancing.send(new DescribeRulesCommand({ ListenerArn: arn })))
        return found?.Rules ?? []
      }),
    targetGroup: (arn) =>
      live.get(`group ${arn}`, async () => {
        const found = await orUndefined(loadBalancing.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })))
        return found?.TargetGroups?.[0]
      }),
    idleTimeoutMs: (arn) =>
      live.get(`idle ${arn}`, async () => {
        const found = await orUndefined(loadBalancing.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn })))
        return Number(found?.Attributes?.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')?.Value ?? 60) * 1000
      }),
    targets: (arn) =>
      live.get(`targets ${arn}`, async () => {
        const found = await orUndefined(loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })))
        return (found?.TargetHealthDescriptions ?? []).flatMap(({ Target }) => (Target ? [Target] : []))
      }),
    refresh: () => live.clear(),
  }
}
