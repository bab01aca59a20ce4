import type { APIGatewayProxyEvent } from 'aws-lambda'

type Many = Record<string, string[]>
const lastOf = (many: Many) => Object.fromEntries(Object.entries(many).map(([name, values]) => [name, values.at(-1)]))
const host = 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com'

/** What a REST API's Lambda proxy integration on `/{proxy+}`, stage `live`, sends. */
export function proxyEvent(
  httpMethod: string,
  path: string,
  {
    headers = {},
    query,
    body = null,
    isBase64Encoded = false,
  }: { headers?: Many; query?: Many; body?: string | null; isBase64Encoded?: boolean },
): APIGatewayProxyEvent {
  const all: Many = { Host: [host], 'X-Forwarded-For': ['203.0.113.7'], 'X-Forwarded-Proto': ['https'], ...headers }
  return {
    resource: '/{proxy+}',
    path,
    httpMethod,
    headers: lastOf(all),
    multiValueHeaders: all,
    queryStringParameters: query ? lastOf(query) : null,
    multiValueQueryStringParameters: query ?? null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: '111111111111',
      apiId: 'a1b2c3d4e5',
      authorizer: null,
      domainName: host,
      domainPrefix: 'a1b2c3d4e5',
      extendedRequestId: 'JKJaXmPLvHcESHA=',
      httpMethod,
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '203.0.113.7',
        user: null,
        userAgent: 'curl/8.5.0',
        userArn: null,
      },
      path: `/live${path}`,
      protocol: 'HTTP/1.1',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      requestTimeEpoch: 1_795_000_000_000,
      resourceId: '123abc',
      resourcePath: '/{proxy+}',
      stage: 'live',
    },
    body,
    isBase64Encoded,
  }
}

/** What a REST API's REQUEST authorizer on `/mcp/{id}/{proxy+}` gets. */
export function authorizerEvent(id: string, headers: Record<string, string>) {
  const event = proxyEvent('POST', `/mcp/${id}/mcp`, {
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
  })
  const methodArn = `arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/live/POST${event.path}`
  return { ...event, type: 'REQUEST' as const, methodArn, resource: '/mcp/{id}/{proxy+}', pathParameters: { id, proxy: 'mcp' } }
}
