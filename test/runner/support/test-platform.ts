import { randomUUID } from 'node:crypto'
import { CreateResourceCommand, CreateRestApiCommand } from '@aws-sdk/client-api-gateway'
import { DescribeSubnetsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2'
import { CreateClusterCommand } from '@aws-sdk/client-ecs'
import { CreateListenerCommand, CreateLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { type AwsClients, createAwsClients } from '../../../aws/clients.ts'
import type { RunnerConfig } from '../../../runner/config.ts'
import { contractParameter, type PlatformContract } from '../../../schema/contract.ts'
import type { Revision } from '../../../schema/revision.ts'
import type { Run } from '../../../schema/run.ts'
import { createDeleteRun } from '../../../store/create-delete-run.ts'
import { createServer } from '../../../store/create-server.ts'
import { revisionItem } from '../../../store/revisions.ts'
import { runItem } from '../../../store/runs.ts'
import { readServer } from '../../../store/servers.ts'
import { findProvider } from '../../../terraform/find-provider.ts'
import { createStore } from '../../support/create-store.ts'
import { newEvent, newRun, newServer } from '../../support/store-records.ts'
import { builtPrograms } from './built-programs.ts'

const region = 'eu-west-1'

/** The least of a platform that a run needs: contract, state bucket, table; each call makes one of its own. */
export async function createTestPlatform(emulatorUrl: string) {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  const provider = await findProvider({ mirror: process.env.GANTRY_PROVIDER_MIRROR, env: process.env })
  const platform = `t${randomUUID().slice(0, 8)}`
  const clients = createAwsClients({ region, endpoint: emulatorUrl })
  const store = await createStore(emulatorUrl)
  const contract = { ...testContract(platform, store.table, provider), ...(await sharedParts(clients, platform)) }
  await clients.s3.send(new CreateBucketCommand({ Bucket: contract.stateBucket }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await clients.s3.send(new PutBucketVersioningCommand({ Bucket: contract.stateBucket, VersioningConfiguration }))
  const putContract = (value: PlatformContract) =>
    clients.ssm.send(
      new PutParameterCommand({ Name: contractParameter(platform), Type: 'String', Value: JSON.stringify(value), Overwrite: true }),
    )
  await putContract(contract)
  const programs = await builtPrograms()
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    HTTP_PROXY: emulatorUrl,
    AWS_ENDPOINT_URL: emulatorUrl,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    GANTRY_PLATFORM: platform,
    GANTRY_TABLE: store.table,
    GANTRY_PROVIDER_MIRROR: provider.mirrorDirectory,
  }
  const config = (runId: string): RunnerConfig => ({
    platform,
    table: store.table,
    runId,
    region,
    endpoint: emulatorUrl,
    providerMirror: provider.mirrorDirectory,
    buildId: undefined,
    programs,
    environment,
  })
  const create = async (id: string, variables: Record<string, string> = {}): Promise<{ run: Run; revision: Revision }> => {
    const records = newServer(id)
    const definition = { name: id, serverType: 'stdio', startCommand: 'node server.js', environment: variables }
    const revision = { ...records.revision, definition }
    const { run } = await createServer(store, { ...records, revision })
    return { run, revision }
  }
  const put = (Item: Record<string, unknown>) => store.client.send(new PutCommand({ TableName: store.table, Item }))
  /** A new revision of a settled server, as PATCH will make it. */
  const run = async (id: string, type: Run['type'] = 'apply'): Promise<Run> => {
    const server = await readServer(store, id)
    if (!server) throw new Error(`no server ${id}`)
    const next = newRun({ serverId: id, serverUid: server.uid }, { type, revision: server.revision })
    if (type === 'delete') return (await createDeleteRun(store, { run: next, event: newEvent() })).run
    await put(runItem({ ...next, eventCount: 0 }))
    return next
  }
  /** Puts other words into the revision that the next run reads. */
  const edit = async (revision: Revision, environment: Record<string, string>): Promise<void> => {
    const edited = { ...revision, definition: { ...revision.definition, environment } }
    await put(revisionItem(edited))
  }
  return { edit, put, run, clients, store, contract, putContract, programs, environment, config, create }
}
export type TestPlatform = Awaited<ReturnType<typeof createTestPlatform>>

function testContract(platform: string, table: string, provider: { constraint: string; edge: 'alb' | 'nlb' }) {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:123456789012:${rest}`
  return {
    format: 1 as const,
    platform,
    account: '123456789012',
    region,
    edge: provider.edge,
    providerVersion: provider.constraint,
    publicUrl: 'http://127.0.0.1:1',
    egress: 'nat' as const,
    runtimeImage: 'runtime@sha256:0',
    stateBucket: `${platform}-state`,
    artifactsBucket: `${platform}-artifacts`,
    table,
    kmsKeyArn: arn('kms', 'key/1'),
    identityKey: { arn: arn('kms', 'key/2'), publicKey: 'AA==' },
    roles: { path: `/gantry/${platform}/` },
    defaults: { loadBalancer: 'shared' as const, review: 'auto' as const, logRetentionDays: 7 },
    review: { fourEyes: false, expiresAfterSeconds: 3600, driftEveryHours: 24 },
  }
}

/** What an audit asks besides names: a network, a listener and an API that exist. */
async function sharedParts({ ec2, loadBalancing, apiGateway, ecs }: AwsClients, platform: string) {
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}))
  const vpcId = Vpcs[0]?.VpcId ?? ''
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }))
  const subnetIds = Subnets.slice(0, 2).map(({ SubnetId = '' }) => SubnetId)
  const { LoadBalancers = [] } = await loadBalancing.send(
    new CreateLoadBalancerCommand({ Name: `gantry-${platform}`, Subnets: subnetIds, Scheme: 'internal' }),
  )
  const arn = LoadBalancers[0]?.LoadBalancerArn ?? ''
  const FixedResponseConfig = { StatusCode: '404' }
  const { Listeners = [] } = await loadBalancing.send(
    new CreateListenerCommand({
      LoadBalancerArn: arn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig }],
    }),
  )
  const { id: apiId = '', rootResourceId = '' } = await apiGateway.send(new CreateRestApiCommand({ name: platform }))
  const mcp = await apiGateway.send(new CreateResourceCommand({ restApiId: apiId, parentId: rootResourceId, pathPart: 'mcp' }))
  const { cluster } = await ecs.send(new CreateClusterCommand({ clusterName: platform }))
  return {
    network: { vpcId, subnetIds, tasksSecurityGroupId: 'sg-1', vpcLinkSecurityGroupId: 'sg-2' },
    sharedAlb: { arn, listenerArn: Listeners[0]?.ListenerArn ?? '', dnsName: 'shared.example', securityGroupId: 'sg-3' },
    api: { id: apiId, stage: 'live', rootResourceId, mcpResourceId: mcp.id ?? '', authorizerId: 'auth', vpcLinkId: 'link' },
    cluster: { name: platform, arn: cluster?.clusterArn ?? '' },
  }
}
