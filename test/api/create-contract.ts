import type { PlatformContract } from '../../schema/contract.ts'

/** A contract as PlatformStack writes it. */
export function createContract(changes: Partial<PlatformContract> = {}): PlatformContract {
  const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111111111111:${rest}`
  return {
    format: 1,
    platform: 'test',
    account: '111111111111',
    region: 'eu-west-1',
    edge: 'alb',
    providerVersion: '~> 6.47.0',
    publicUrl: 'https://gantry.example.com/live',
    egress: 'nat',
    network: {
      vpcId: 'vpc-1',
      subnetIds: ['subnet-1', 'subnet-2'],
      tasksSecurityGroupId: 'sg-1',
      vpcLinkSecurityGroupId: 'sg-2',
    },
    cluster: { name: 'gantry-test', arn: arn('ecs', 'cluster/gantry-test') },
    sharedAlb: {
      arn: arn('elasticloadbalancing', 'loadbalancer/app/test/1'),
      listenerArn: arn('elasticloadbalancing', 'listener/app/test/1/2'),
      dnsName: 'internal-test.eu-west-1.elb.amazonaws.com',
      securityGroupId: 'sg-3',
    },
    api: { id: 'a1b2c3d4e5', stage: 'live', rootResourceId: 'r', mcpResourceId: 'm', authorizerId: 'z', vpcLinkId: 'v' },
    runtimeImage: `111111111111.dkr.ecr.eu-west-1.amazonaws.com/gantry@sha256:${'0'.repeat(64)}`,
    stateBucket: 'gantry-test-state',
    artifactsBucket: 'gantry-test-artifacts',
    table: 'gantry-test',
    kmsKeyArn: arn('kms', 'key/1'),
    identityKey: { arn: arn('kms', 'key/2'), publicKey: 'AA==' },
    roles: { path: '/gantry/' },
    defaults: { loadBalancer: 'dedicated', review: 'auto', logRetentionDays: 30 },
    review: { fourEyes: false, expiresAfterSeconds: 3600, driftEveryHours: 24 },
    ...changes,
  }
}
