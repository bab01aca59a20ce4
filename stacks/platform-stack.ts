import { readFileSync } from 'node:fs'
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js'
import { TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf'
import type { Construct } from 'constructs'
import { addAwsProvider } from '../modules/aws-provider.ts'
import { Cluster } from '../modules/cluster.ts'
import { ContractParameter } from '../modules/contract-parameter.ts'
import type { LambdaFunctionProps } from '../modules/lambda-function.ts'
import { PlatformApi, stageName } from '../modules/platform-api.ts'
import { addPlatformBackend } from '../modules/platform-backend.ts'
import { PlatformEdge } from '../modules/platform-edge.ts'
import { PlatformFunctions } from '../modules/platform-functions.ts'
import { type PlatformNames, platformName, rolePath } from '../modules/platform-names.ts'
import { PlatformNetwork } from '../modules/platform-network.ts'
import { PlatformRunner } from '../modules/platform-runner.ts'
import { PlatformStorage } from '../modules/platform-storage.ts'
import { RulesObject, type RulesObjectProps } from '../modules/rules-object.ts'
import { ServerBoundary } from '../modules/server-boundary.ts'
import type { PlatformContract } from '../schema/contract.ts'
import type { PlatformSynthInput } from '../schema/platform-input.ts'

import type { Variables } from './server-variables.ts'

type Zip = LambdaFunctionProps['zip']

export interface PlatformStackProps {
  readonly input: PlatformSynthInput
  readonly zips: { readonly api: Zip; readonly authorizer: Zip; readonly reconciler: Zip }
  readonly rules?: RulesObjectProps['file']
}

/** The shared infrastructure of one platform. Text that is not an identifier comes as variables. */
export class PlatformStack extends TerraformStack {
  readonly variables: Variables

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    const { input } = props
    super(scope, id)
    addAwsProvider(this, { ...input, tags: { 'gantry:platform': input.platform } })
    addPlatformBackend(this, input.state, input.region)
    this.variables = {
      buildspec: readFileSync(input.files.buildspec, 'utf8'),
      runner_image: input.runnerImage,
      runtime_image: input.runtimeImage,
      ...(input.publicUrl === undefined ? {} : { public_url: input.publicUrl }),
    }
    const text = (name: string): string => new TerraformVariable(this, name, { type: 'string', nullable: false }).stringValue
    const account = input.account ?? new DataAwsCallerIdentity(this, 'caller', {}).accountId
    const names: PlatformNames = { platform: input.platform, region: input.region, account }
    const name = platformName(names)
    const deletionProtection = input.removal === 'retain'
    const { logRetentionDays } = input.defaults

    const storage = new PlatformStorage(this, 'storage', { names, removal: input.removal })
    const keys = { dataKeyArn: storage.keys.dataKeyArn, identityKeyArn: storage.keys.identity.arn }
    const network = new PlatformNetwork(this, 'network', { ...input, name })
    const cluster = new Cluster(this, 'cluster', { name })
    const edge = new PlatformEdge(this, 'edge', { ...network, name, edge: input.edge, deletionProtection })
    const environment = { GANTRY_PLATFORM: input.platform, GANTRY_TABLE: storage.table.name }
    const functions = new PlatformFunctions(this, 'functions', {
      names,
      keys,
      zips: props.zips,
      environment,
      logRetentionDays,
      reviewRepository: input.review.repository,
    })
    const api = new PlatformApi(this, 'api', {
      names,
      api: functions.api,
      authorizer: functions.authorizer,
      link: edge.link,
      logRole: input.apiGatewayLogRole,
      logRetentionDays,
      kmsKeyArn: keys.dataKeyArn,
    })
    const boundary = new ServerBoundary(this, 'boundary', { names, identityKeyArn: keys.identityKeyArn })
    new PlatformRunner(this, 'runner', {
      names,
      keys,
      scope: { restApiId: api.rest.apiId, vpcId: network.vpcId, clusterName: cluster.name, repositoryArn: storage.repository.arn },
      image: text('runner_image'),
      buildspec: text('buildspec'),
      environment,
      reconciler: functions.reconciler,
      logRetentionDays,
    })

    const ownUrl = `https://${api.rest.apiId}.execute-api.${input.region}.amazonaws.com/${stageName}`
    const contract: PlatformContract = {
      format: 1,
      platform: input.platform,
      account,
      region: input.region,
      edge: input.edge,
      providerVersion: input.providerVersion,
      publicUrl: input.publicUrl === undefined ? ownUrl : text('public_url'),
      egress: input.egress,
      network: {
        vpcId: network.vpcId,
        subnetIds: network.subnetIds,
        tasksSecurityGroupId: network.tasksSecurityGroupId,
        ...(edge.vpcLinkSecurityGroupId ? { vpcLinkSecurityGroupId: edge.vpcLinkSecurityGroupId } : {}),
      },
      cluster: { name: cluster.name, arn: cluster.arn },
      sharedAlb: {
        arn: edge.loadBalancer.arn,
        listenerArn: edge.loadBalancer.listenerArn,
        dnsName: edge.loadBalancer.dnsName,
        securityGroupId: edge.loadBalancer.securityGroupId,
      },
      api: {
        id: api.rest.apiId,
        stage: stageName,
        rootResourceId: api.rest.rootResourceId,
        mcpResourceId: api.mcpResourceId,
        authorizerId: api.rest.authorizerId,
        vpcLinkId: edge.link.vpcLinkId,
      },
      runtimeImage: text('runtime_image'),
      stateBucket: storage.state.name,
      artifactsBucket: storage.artifacts.name,
      table: storage.table.name,
      kmsKeyArn: keys.dataKeyArn,
      identityKey: storage.keys.identity,
      roles: { path: rolePath(names), permissionsBoundaryArn: boundary.arn },
      defaults: input.defaults,
      review: { ...reviewOf(input.review), ...this.rulesIn(storage.state.name, props.rules) },
    }
    new ContractParameter(this, 'contract', { contract })
    new TerraformOutput(this, 'api_id', { value: api.rest.apiId })
    new TerraformOutput(this, 'url', { value: contract.publicUrl })
  }

  private rulesIn(bucket: string, file: PlatformStackProps['rules']): Pick<PlatformContract['review'], 'rules'> {
    return file ? { rules: { key: new RulesObject(this, 'rules', { bucket, file }).key, sha256: file.sha256 } } : {}
  }
}

/** Files stay behind: what servers need of them is in the state bucket. */
const reviewOf = ({ policies: _, prices: __, ...review }: PlatformSynthInput['review']): PlatformContract['review'] => review
