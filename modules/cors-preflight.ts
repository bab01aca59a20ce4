import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration/index.js'
import { ApiGatewayIntegrationResponse } from '@cdktf/provider-aws/lib/api-gateway-integration-response/index.js'
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method/index.js'
import { ApiGatewayMethodResponse } from '@cdktf/provider-aws/lib/api-gateway-method-response/index.js'
import { Construct } from 'constructs'

const headers = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET,POST,PUT,PATCH,DELETE,OPTIONS',
  'Access-Control-Allow-Headers':
    'Authorization,Content-Type,Accept,Idempotency-Key,If-Match,Last-Event-ID,Mcp-Session-Id,MCP-Protocol-Version,Mcp-Method,Mcp-Name',
  'Access-Control-Expose-Headers': 'Mcp-Session-Id,WWW-Authenticate,Location,ETag',
  'Access-Control-Max-Age': '600',
}
const perHeader = <T>(value: (header: string) => T) =>
  Object.fromEntries(Object.entries(headers).map(([name, header]) => [`method.response.header.${name}`, value(header)]))

export interface CorsPreflightProps {
  readonly restApiId: string
  readonly resourceId: string
}

/** OPTIONS of one resource: answered by API Gateway itself, without authorization, as browsers ask it without a token. */
export class CorsPreflight extends Construct {
  readonly parts: ApiGatewayIntegrationResponse[]

  constructor(scope: Construct, id: string, props: CorsPreflightProps) {
    super(scope, id)
    const { restApiId, resourceId } = props
    const method = new ApiGatewayMethod(this, 'method', { restApiId, resourceId, httpMethod: 'OPTIONS', authorization: 'NONE' })
    const integration = new ApiGatewayIntegration(this, 'integration', {
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      type: 'MOCK',
      requestTemplates: { 'application/json': '{"statusCode":204}' },
    })
    const response = new ApiGatewayMethodResponse(this, 'response', {
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      statusCode: '204',
      responseParameters: perHeader(() => true),
    })
    const answer = new ApiGatewayIntegrationResponse(this, 'integration-response', {
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      statusCode: response.statusCode,
      responseParameters: perHeader((header) => `'${header}'`),
      dependsOn: [integration],
    })
    this.parts = [answer]
  }
}
