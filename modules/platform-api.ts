import { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource/index.js'
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js'
import { Construct } from 'constructs'
import { ApiStage } from './api-stage.ts'
import type { EdgeLink } from './edge.ts'
import { GatewayResponses } from './gateway-responses.ts'
import type { LambdaFunction } from './lambda-function.ts'
import { LambdaRoute } from './lambda-route.ts'
import { type PlatformNames, platformName, rolePath } from './platform-names.ts'
import { RestApi } from './rest-api.ts'
import { ServerRoute } from './server-route.ts'

export interface PlatformApiProps {
  readonly names: PlatformNames
  readonly api: LambdaFunction
  readonly authorizer: LambdaFunction
  readonly link: EdgeLink
  readonly logRole: 'managed' | 'given'
  readonly logRetentionDays: number
  readonly kmsKeyArn: string
}

export const stageName = 'live'

/** The REST API: `/mcp/{id}` and below go to servers through the shared load balancer, everything else to the control plane. */
export class PlatformApi extends Construct {
  readonly rest: RestApi
  readonly mcpResourceId: string

  constructor(scope: Construct, id: string, props: PlatformApiProps) {
    super(scope, id)
    const { names, link } = props
    const name = platformName(names)
    const rest = new RestApi(this, 'rest', { name, authorizer: props.authorizer })
    const resource = (key: string, parentId: string, pathPart: string) =>
      new ApiGatewayResource(this, key, { restApiId: rest.apiId, parentId, pathPart }).id
    this.rest = rest
    this.mcpResourceId = resource('mcp', rest.rootResourceId, 'mcp')
    const serverResourceId = resource('server', this.mcpResourceId, '{id}')
    const belowServerId = resource('below-server', serverResourceId, '{proxy+}')
    const controlPlaneId = resource('control-plane', rest.rootResourceId, '{proxy+}')

    const server = { restApiId: rest.apiId, authorizerId: rest.authorizerId, link }
    const lambda = { restApiId: rest.apiId, target: props.api }
    const routes = [
      new ServerRoute(this, 'server-route', { ...server, resourceId: serverResourceId, path: '/mcp/{id}', pathParameters: ['id'] }),
      new ServerRoute(this, 'below-server-route', {
        ...server,
        resourceId: belowServerId,
        path: '/mcp/{id}/{proxy}',
        pathParameters: ['id', 'proxy'],
      }),
      new LambdaRoute(this, 'root-route', { ...lambda, resourceId: rest.rootResourceId }),
      new LambdaRoute(this, 'control-plane-route', { ...lambda, resourceId: controlPlaneId }),
    ]
    const responses = new GatewayResponses(this, 'responses', { restApiId: rest.apiId })
    new LambdaPermission(this, 'invoke-api', {
      action: 'lambda:InvokeFunction',
      functionName: props.api.name,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${rest.executionArn}/*`,
    })
    new ApiStage(this, 'stage', {
      name,
      stageName,
      restApiId: rest.apiId,
      region: names.region,
      rolePath: rolePath(names),
      logRole: props.logRole,
      logRetentionDays: props.logRetentionDays,
      kmsKeyArn: props.kmsKeyArn,
      routes: [...routes.flatMap((route) => route.parts), ...responses.parts],
    })
  }
}
