import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration/index.js'
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method/index.js'
import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'
import { CorsPreflight } from './cors-preflight.ts'
import type { EdgeLink } from './edge.ts'

/** A stream may last 15 minutes (5 idle); a buffered answer has API Gateway's 29 seconds. */
const streamTimeoutMs = 900_000
const bufferedTimeoutMs = 29_000

export interface ServerRouteProps {
  readonly restApiId: string
  readonly resourceId: string
  readonly authorizerId: string
  readonly link: EdgeLink
  /** As the load balancer gets it, with the names of path parameters in braces, e.g. `/mcp/{id}/{proxy}`. */
  readonly path: string
  readonly pathParameters: readonly string[]
}

/** One API resource in front of servers: every method through the authorizer to the load balancer, path unchanged. */
export class ServerRoute extends Construct {
  readonly parts: ITerraformDependable[]

  constructor(scope: Construct, id: string, props: ServerRouteProps) {
    super(scope, id)
    const { restApiId, resourceId, link } = props
    const path = (name: string) => `method.request.path.${name}`
    const method = new ApiGatewayMethod(this, 'method', {
      restApiId,
      resourceId,
      httpMethod: 'ANY',
      authorization: 'CUSTOM',
      authorizerId: props.authorizerId,
      requestParameters: Object.fromEntries(props.pathParameters.map((name) => [path(name), true])),
    })
    const integration = new ApiGatewayIntegration(this, 'integration', {
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      type: 'HTTP_PROXY',
      integrationHttpMethod: 'ANY',
      uri: `http://${link.dnsName}${props.path}`,
      connectionType: 'VPC_LINK',
      connectionId: link.vpcLinkId,
      requestParameters: {
        ...Object.fromEntries(props.pathParameters.map((name) => [`integration.request.path.${name}`, path(name)])),
        'integration.request.header.X-Gantry-Identity': 'context.authorizer.identity',
        'integration.request.header.Authorization': 'context.authorizer.forwardAuthorization',
      },
      ...(link.edge === 'alb'
        ? { integrationTarget: link.loadBalancerArn, responseTransferMode: 'STREAM', timeoutMilliseconds: streamTimeoutMs }
        : { timeoutMilliseconds: bufferedTimeoutMs }),
    })
    const preflight = new CorsPreflight(this, 'options', { restApiId, resourceId })
    this.parts = [integration, ...preflight.parts]
  }
}
