import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { createAwsClients } from '../../../aws/clients.ts'
import type { RunnerConfig } from '../../../runner/config.ts'
import { contractParameter, type PlatformContract } from '../../../schema/contract.ts'
import type { Revision } from '../../../schema/revision.ts'
import type { Run } from '../../../schema/run.ts'
import { createServer } from '../../../store/create-server.ts'
import { findProvider } from '../../../terraform/find-provider.ts'
import { createStore } from '../../support/create-store.ts'
import { newServer } from '../../support/store-records.ts'
import { builtPrograms } from './built-programs.ts'

const region = 'us-east-1'

/** The least of a platform that a run needs: contract, state bucket, table; each call makes one of its own. */
export async function createTestPlatform(emulatorUrl: string) {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  const provider = await findProvider({ mirror: process.env.GANTRY_PROVIDER_MIRROR, env: process.env })
  const platform = `t${randomUUID().slice(0, 8)}`
  const clients = createAwsClients({ region, endpoint: emulatorUrl })
  const store = await createStore(emulatorUrl)
  const contract = testContract(platform, store.table, provider)
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
  return { clients, store, contract, putContract, programs, environment, config, create }
}
export type TestPlatform = Awaited<ReturnType<typeof createTestPlatform>>

function testContract(platform: string, table: string, provider: { constraint: string; edge: 'alb' | 'nlb' }): PlatformContract {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:123456789012:${rest}`
  const listener = 'listener/app/shared/0123456789abcdef/0123456789abcdef'
  return {
    format: 1,
    platform,
    account: '123456789012',
    region,
    edge: provider.edge,
    providerVersion: provider.constraint,
    publicUrl: 'http://127.0.0.1:1',
    egress: 'nat',
    network: { vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'], tasksSecurityGroupId: 'sg-1', vpcLinkSecurityGroupId: 'sg-2' },
    cluster: { name: 'gantry', arn: arn('ecs', 'cluster/gantry') },
    sharedAlb: {
      arn: arn('elasticloadbalancing', 'loadbalancer/app/shared/0123456789abcdef'),
      listenerArn: arn('elasticloadbalancing', listener),
      dnsName: 'shared.example',
      securityGroupId: 'sg-3',
    },
    api: { id: 'api1', stage: 'live', rootResourceId: 'root', mcpResourceId: 'mcp', authorizerId: 'auth', vpcLinkId: 'link' },
    runtimeImage: 'runtime@sha256:0',
    stateBucket: `${platform}-state`,
    artifactsBucket: `${platform}-artifacts`,
    table,
    kmsKeyArn: arn('kms', 'key/1'),
    identityKey: { arn: arn('kms', 'key/2'), publicKey: 'AA==' },
    roles: { path: `/gantry/${platform}/` },
    defaults: { loadBalancer: 'shared', review: 'auto', logRetentionDays: 7 },
  }
}
