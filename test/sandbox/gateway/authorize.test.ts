import { expect, test } from 'vitest'
import { authorize } from '../../../sandbox/gateway/authorize.ts'
import { createCache } from '../../../sandbox/gateway/cache.ts'
import { methodArn } from '../../../sandbox/gateway/call.ts'
import { aCall } from './a-call.ts'

const authorizer = {
  id: 'a',
  type: 'REQUEST' as const,
  authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:decide/invocations',
  identitySource: 'method.request.header.Authorization',
  authorizerResultTtlInSeconds: 0,
}
const call = (token: string) => aCall({ headers: [['authorization', token]] })
const allowing = (Resource: string) => ({
  principalId: 'p',
  policyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource }] },
  context: { n: 1, ok: true },
})

function setup() {
  const cache = createCache(60_000)
  let asked = 0
  const ask = (token: string, more: object = {}) =>
    authorize(
      { ...authorizer, ...more },
      call(token),
      async () => {
        asked += 1
        return allowing(methodArn(call(token)))
      },
      () => cache,
    )
  return { ask, asked: () => asked }
}

test('the context comes out as text, with the principal', async () => {
  expect(await setup().ask('x')).toEqual({ allowed: true, context: { n: '1', ok: 'true', principalId: 'p' } })
})

test('with a TTL of 0 every call is asked about', async () => {
  const { ask, asked } = setup()
  await ask('x')
  await ask('x')
  expect(asked()).toBe(2)
})

test('with a TTL a caller is asked about once, and each caller apart', async () => {
  const { ask, asked } = setup()
  for (const token of ['x', 'x', 'y']) await ask(token, { authorizerResultTtlInSeconds: 60 })
  expect(asked()).toBe(2)
})

test('an empty identity source is refused without asking', async () => {
  const { ask, asked } = setup()
  expect(await ask('')).toEqual({ allowed: false, kind: 'UNAUTHORIZED' })
  expect(asked()).toBe(0)
})

test('without an identity source everybody is asked about', async () => {
  const { ask, asked } = setup()
  await ask('', { identitySource: '' })
  expect(asked()).toBe(1)
})

test('a URI without a function is a configuration error', async () => {
  expect(await setup().ask('x', { authorizerUri: 'nowhere' })).toMatchObject({ allowed: false, kind: 'AUTHORIZER_CONFIGURATION_ERROR' })
})
