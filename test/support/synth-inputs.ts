import type { Edge, PlatformContract } from '../../schema/contract.ts'
import { Definition } from '../../schema/definition.ts'
import { PlatformSynthInput } from '../../schema/platform-input.ts'
import type { ServerSynthInput } from '../../schema/synth-input.ts'

export const providerVersions = { alb: '~> 6.47.0', nlb: '~> 5.100.0' } as const

/** A contract as a platform writes it; every value is one that AWS could have given. */
export function exampleContract(edge: Edge = 'alb', changes: Partial<PlatformContract> = {}): PlatformContract {
  const balancing = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012'
  return {
    format: 1,
    platform: 'sandbox',
    account: '123456789012',
    region: 'eu-west-1',
    edge,
    providerVersion: providerVersions[edge],
    publicUrl: 'https://mcp.example.com',
    egress: 'nat',
    network: {
      vpcId: 'vpc-0a1',
      subnetIds: ['subnet-0a1', 'subnet-0b2'],
      tasksSecurityGroupId: 'sg-0tasks',
      ...(edge === 'alb' ? { vpcLinkSecurityGroupId: 'sg-0link' } : {}),
    },
    cluster: { name: 'gantry-sandbox', arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/gantry-sandbox' },
    sharedAlb: {
      arn: `${balancing}:loadbalancer/app/gantry-sandbox/0123456789abcdef`,
      listenerArn: `${balancing}:listener/app/gantry-sandbox/0123456789abcdef/fedcba9876543210`,
      dnsName: 'internal-gantry-sandbox-1.eu-west-1.elb.amazonaws.com',
      securityGroupId: 'sg-0shared',
    },
    api: { id: 'a1b2c3', stage: 'live', rootResourceId: 'r00t', mcpResourceId: 'mcp1', authorizerId: 'auth1', vpcLinkId: 'link1' },
    runtimeImage: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/gantry/sandbox@sha256:${'0'.repeat(64)}`,
    stateBucket: 'gantry-sandbox-state-123456789012-eu-west-1',
    artifactsBucket: 'gantry-sandbox-artifacts-123456789012-eu-west-1',
    table: 'gantry-sandbox',
    kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111',
    identityKey: { arn: 'arn:aws:kms:eu-west-1:123456789012:key/22222222-2222-2222-2222-222222222222', publicKey: 'MFkw' },
    roles: { path: '/gantry/sandbox/', permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/gantry/sandbox/server-boundary' },
    defaults: { loadBalancer: 'shared', review: 'destructive', logRetentionDays: 30 },
    review: { fourEyes: false, expiresAfterSeconds: 3600, driftEveryHours: 24 },
    ...changes,
  }
}

/** What the bundle gets for one server; stdio, shared and running unless told otherwise. */
export function serverInput(
  definition: Record<string, unknown> = {},
  contract = exampleContract(),
  more: Partial<ServerSynthInput> = {},
): ServerSynthInput {
  const least = { name: 'Docs MCP', serverType: 'stdio', startCommand: 'npx -y docs-mcp' }
  return {
    kind: 'server',
    uid: '01jd0000000000000000000000',
    definition: Definition.parse({ ...least, ...definition }),
    enabled: true,
    contract,
    ...more,
  }
}

/** What the bundle gets for a platform; `file` stands for every file it packs. */
export function platformInput(edge: Edge, file: string, changes: Record<string, unknown> = {}): PlatformSynthInput {
  return PlatformSynthInput.parse({
    kind: 'platform',
    platform: 'sandbox',
    region: 'eu-west-1',
    account: '123456789012',
    edge,
    providerVersion: providerVersions[edge],
    runtimeImage: `registry.example.com/gantry/runtime@sha256:${'0'.repeat(64)}`,
    runnerImage: `registry.example.com/gantry/runner@sha256:${'0'.repeat(64)}`,
    files: { buildspec: file, lambdas: { api: file, authorizer: file, reconciler: file } },
    state: { type: 'local', path: 'terraform.tfstate' },
    removal: 'destroy',
    ...changes,
  })
}
