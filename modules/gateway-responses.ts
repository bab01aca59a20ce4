import { ApiGatewayGatewayResponse } from '@cdktf/provider-aws/lib/api-gateway-gateway-response/index.js'
import { Construct } from 'constructs'

interface Refusal {
  readonly statusCode?: string
  readonly title: string
  readonly code: string
  readonly headers?: { readonly [name: string]: string }
}

/** One static status and header set a type is all that API Gateway can do; a 401 must be made here or it is remapped. */
const refusals: { readonly [responseType: string]: Refusal } = {
  UNAUTHORIZED: { statusCode: '401', title: 'Unauthorized', code: 'UNAUTHENTICATED', headers: { 'WWW-Authenticate': 'Bearer' } },
  ACCESS_DENIED: { statusCode: '403', title: 'Forbidden', code: 'FORBIDDEN' },
  MISSING_AUTHENTICATION_TOKEN: { statusCode: '404', title: 'Not found', code: 'NOT_FOUND' },
  INTEGRATION_FAILURE: { statusCode: '502', title: 'Bad gateway', code: 'UNAVAILABLE' },
  INTEGRATION_TIMEOUT: { statusCode: '504', title: 'Gateway timeout', code: 'UNAVAILABLE' },
}

/** What API Gateway answers by itself, as problem documents that browsers of any origin may read. */
export class GatewayResponses extends Construct {
  readonly parts: ApiGatewayGatewayResponse[]

  constructor(scope: Construct, id: string, props: { readonly restApiId: string }) {
    super(scope, id)
    this.parts = Object.entries(refusals).map(([responseType, refusal]) => {
      const { statusCode, title, code } = refusal
      const body = { title, status: Number(statusCode), code, requestId: '$context.requestId' }
      const headers = { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'application/problem+json', ...refusal.headers }
      return new ApiGatewayGatewayResponse(this, responseType.toLowerCase().replaceAll('_', '-'), {
        restApiId: props.restApiId,
        responseType,
        statusCode,
        responseTemplates: { 'application/json': JSON.stringify(body) },
        responseParameters: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, `'${value}'`]),
        ),
      })
    })
  }
}
