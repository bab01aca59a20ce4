import { expect, test } from 'vitest'
import { gatewayResponse } from '../../../sandbox/gateway/gateway-response.ts'
import { mockIntegration } from '../../../sandbox/gateway/mock-integration.ts'
import { aCall } from './a-call.ts'

test('without a record the answer is API Gateway’s own', () => {
  expect(gatewayResponse([], 'MISSING_AUTHENTICATION_TOKEN', aCall())).toMatchObject({
    status: 403,
    body: '{"message":"Missing Authentication Token"}',
  })
})

test('a record of the type comes before the default of its class', () => {
  const records = [
    { responseType: 'DEFAULT_4XX' as const, responseTemplates: { 'application/json': 'default' } },
    { responseType: 'UNAUTHORIZED' as const, statusCode: '418', responseTemplates: { 'application/json': 'own' } },
  ]
  expect(gatewayResponse(records, 'UNAUTHORIZED', aCall())).toMatchObject({ status: 418, body: 'own' })
  expect(gatewayResponse(records, 'ACCESS_DENIED', aCall())).toMatchObject({ status: 403, body: 'default' })
  expect(gatewayResponse(records, 'AUTHORIZER_FAILURE', aCall())).toMatchObject({
    status: 500,
    body: '{"message":"Internal server error"}',
  })
})

test('templates and headers can name the error, the request and the authorizer’s context', () => {
  const record = {
    responseType: 'ACCESS_DENIED' as const,
    responseParameters: {
      'gatewayresponse.header.X-Scope': 'context.authorizer.scope',
      'gatewayresponse.header.X-Id': 'method.request.path.id',
    },
    responseTemplates: {
      'application/json': '{"m":$context.error.messageString,"r":"${context.requestId}","t":"$context.error.responseType"}',
    },
  }
  const { headers, body } = gatewayResponse([record], 'ACCESS_DENIED', aCall({ authorizer: { scope: 'a b' } }), 'say "no"')
  expect(JSON.parse(body)).toEqual({ m: 'say "no"', r: 'request-1', t: 'ACCESS_DENIED' })
  expect(Object.fromEntries(headers)).toMatchObject({ 'X-Scope': 'a b', 'X-Id': 'everything' })
})

test('a MOCK answers with the integration response that its status selects', () => {
  const integrationResponses = {
    '200': { statusCode: '200', responseTemplates: { 'application/json': 'fallback' } },
    '204': { statusCode: '204', selectionPattern: '204', responseParameters: { 'method.response.header.X-Mock': "'yes'" } },
  }
  const answer = (statusCode: number) =>
    mockIntegration({ requestTemplates: { 'application/json': `{"statusCode": ${statusCode}}` }, integrationResponses }, aCall())
  expect(answer(204)).toMatchObject({
    status: 204,
    headers: [
      ['x-amzn-RequestId', 'request-1'],
      ['X-Mock', 'yes'],
    ],
    body: '',
  })
  expect(answer(500)).toMatchObject({ status: 200, body: 'fallback' })
})
