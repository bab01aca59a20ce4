import type { RequestListener } from 'node:http'
import { beforeAll, beforeEach, expect, inject, test } from 'vitest'
import type { Records } from '../../../sandbox/gateway/records.ts'
import { account, dataPlaneClients, region } from '../../support/data-plane/clients.ts'
import { type ApiFixture, addResource, addServerRoute, publish } from '../../support/data-plane/create-api.ts'
import { createBalancer } from '../../support/data-plane/create-balancer.ts'
import { type AuthorizerEvent, authorized, policy, startGateway } from '../../support/data-plane/start-gateway.ts'

const clients = dataPlaneClients(inject('emulatorUrl'))
let asked: AuthorizerEvent[] = []
let backend: RequestListener = (_, response) => response.end('ok')
let authorizerAnswer: (event: AuthorizerEvent) => unknown
let api: ApiFixture
let records: Records
let url: string
let log: string[] = []

beforeAll(async () => {
  const gateway = await startGateway(clients, {
    backend: (incoming, response) => backend(incoming, response),
    authorize: (event) => {
      asked.push(event)
      return authorizerAnswer(event)
    },
    log: (line) => log.push(line),
  })
  ;({ api, records, url } = gateway)
  return gateway.close
})
beforeEach(() => {
  asked = []
  log = []
  backend = (_, response) => response.end('ok')
  authorizerAnswer = ({ methodArn }) => policy('Allow', methodArn)
})

test('a call goes by the records to the target, with its path and query as they came', async () => {
  let seen: string | undefined
  backend = (incoming, response) => {
    seen = incoming.url
    response.end('reached')
  }
  const response = await fetch(`${url}/mcp/everything/mcp?a=1&b=%20`, { headers: authorized })
  expect([response.status, await response.text(), seen]).toEqual([200, 'reached', '/mcp/everything/mcp?a=1&b=%20'])
  expect(asked[0]?.methodArn).toBe(`arn:aws:execute-api:${region}:${account}:${api.id}/live/GET/mcp/everything/mcp`)
  expect(asked[0]?.pathParameters).toEqual({ id: 'everything', proxy: 'mcp' })
})

test('the bare resource of a server has a method of its own', async () => {
  expect((await fetch(`${url}/mcp/everything`, { headers: authorized })).status).toBe(200)
})

test('without the identity source the answer is 401 by the gateway response, and nobody was asked', async () => {
  const response = await fetch(`${url}/mcp/everything/mcp`)
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  expect(await response.json()).toEqual({ code: 'UNAUTHENTICATED', requestId: response.headers.get('x-amzn-requestid') })
  expect(asked).toEqual([])
})

test('an authorizer that throws Unauthorized is a 401, and anything else that it throws a 500', async () => {
  authorizerAnswer = () => {
    throw new Error('Unauthorized')
  }
  expect((await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })).status).toBe(401)
  authorizerAnswer = () => {
    throw new Error('the store is away')
  }
  expect((await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })).status).toBe(500)
  expect(log.join()).toContain('the store is away')
})

test('a Deny, and an Allow on another method, are 403', async () => {
  authorizerAnswer = ({ methodArn }) => policy('Deny', methodArn)
  expect((await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })).status).toBe(403)
  authorizerAnswer = ({ methodArn }) => policy('Allow', methodArn.replace('everything', 'other'))
  expect((await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })).status).toBe(403)
})

test('an authorizer answer without a policy is a 500', async () => {
  authorizerAnswer = () => ({ principalId: 'caller' })
  expect((await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })).status).toBe(500)
})

test('OPTIONS is answered by MOCK without the authorizer', async () => {
  const response = await fetch(`${url}/mcp/everything/mcp`, { method: 'OPTIONS' })
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  expect(asked).toEqual([])
})

test('a path without a resource is "Missing Authentication Token"', async () => {
  const response = await fetch(`${url}/elsewhere`, { headers: authorized })
  expect([response.status, await response.json()]).toEqual([403, { message: 'Missing Authentication Token' }])
})

test("a path that no rule matches gets the listener's default", async () => {
  const response = await fetch(`${url}/mcp/other/mcp`, { headers: authorized })
  expect([response.status, await response.text()]).toEqual([404, 'no rule'])
})

test('a new resource is served only once a deployment holds it', async () => {
  const balancer = await createBalancer(clients, `gx${Date.now().toString(36)}`)
  const dedicated = await addResource(clients, api, api.mcpId, 'dedicated')
  await addServerRoute(clients, api, { resourceId: dedicated, path: '/mcp/dedicated', parameters: [], balancer })
  records.refresh()
  const before = await fetch(`${url}/mcp/dedicated`, { headers: authorized })
  expect(await before.text()).toBe('no rule')
  expect(asked.at(-1)?.pathParameters).toEqual({ id: 'dedicated' })
  await publish(clients, api)
  records.refresh()
  await fetch(`${url}/mcp/dedicated`, { headers: authorized })
  expect(asked.at(-1)?.pathParameters).toEqual({})
})
