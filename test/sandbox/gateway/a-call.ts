import type { Call } from '../../../sandbox/gateway/call.ts'

/** A call of one server's path, with what a test says differently. */
export const aCall = (more: Partial<Call> = {}): Call => ({
  requestId: 'request-1',
  apiId: 'api',
  stage: 'live',
  region: 'us-east-1',
  account: '123456789012',
  httpMethod: 'POST',
  path: '/mcp/everything/mcp',
  resourcePath: '/mcp/{id}/{proxy+}',
  query: '',
  headers: [],
  pathParameters: { id: 'everything', proxy: 'mcp' },
  stageVariables: {},
  sourceIp: '192.0.2.1',
  ...more,
})
