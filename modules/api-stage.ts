import { ApiGatewayAccount } from '@cdktf/provider-aws/lib/api-gateway-account/index.js'
import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment/index.js'
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage/index.js'
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js'
import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'
import { partition } from './arn.ts'
import { Role } from './role.ts'
import { ServiceLogGroup } from './service-log-group.ts'

const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  principal: '$context.authorizer.principalId',
  error: '$context.error.message',
  latencyMs: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  bytes: '$context.responseLength',
})

export interface ApiStageProps {
  readonly name: string
  readonly stageName: string
  readonly restApiId: string
  readonly region: string
  readonly rolePath: string
  /** Whose role API Gateway writes logs with: it is one for the account and region, so only one platform can manage it. */
  readonly logRole: 'managed' | 'given'
  readonly logRetentionDays: number
  readonly kmsKeyArn: string
  /** Every route the bootstrap deployment must hold. */
  readonly routes: ITerraformDependable[]
}

/** The stage, and the one deployment it is born with: every later deployment is made by publishing, so Terraform looks away. */
export class ApiStage extends Construct {
  constructor(scope: Construct, id: string, props: ApiStageProps) {
    super(scope, id)
    const logs = new ServiceLogGroup(this, 'logs', {
      name: `/aws/apigateway/${props.name}`,
      retentionDays: props.logRetentionDays,
      kmsKeyArn: props.kmsKeyArn,
    })
    const deployment = new ApiGatewayDeployment(this, 'bootstrap', {
      restApiId: props.restApiId,
      description: 'bootstrap',
      dependsOn: props.routes,
    })
    new ApiGatewayStage(this, 'stage', {
      restApiId: props.restApiId,
      stageName: props.stageName,
      deploymentId: deployment.id,
      accessLogSettings: { destinationArn: logs.resource.arn, format: accessLogFormat },
      dependsOn: props.logRole === 'managed' ? [this.accountLogging(props)] : [],
      lifecycle: { ignoreChanges: ['deployment_id'] },
    })
  }

  private accountLogging(props: ApiStageProps): ApiGatewayAccount {
    const role = new Role(this, 'logs-role', {
      name: `${props.name}-apigateway`,
      path: props.rolePath,
      service: 'apigateway.amazonaws.com',
    })
    const policyArn = `arn:${partition(props.region)}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`
    const attachment = new IamRolePolicyAttachment(this, 'logs-policy', { role: role.name, policyArn })
    return new ApiGatewayAccount(this, 'account', { cloudwatchRoleArn: role.arn, dependsOn: [attachment] })
  }
}
