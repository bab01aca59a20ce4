import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { createGateway } from '../../../sandbox/gateway/create-gateway.ts'
import { createRecords, type Records } from '../../../sandbox/gateway/records.ts'
import { account, dataPlaneClients, region } from '../../support/data-plane/clients.ts'
import { type ApiFixture, addPreflight, addResource, addServerRoute, createApi, publish } from '../../support/data-plane/create-api.ts'
import { addRule, createBalancer, createTargetGroup, registerTarget } from '../../support/data-plane/create-balancer.ts'

const clients = dataPlaneClients(inject('emulatorUrl'))
const servers: Server[] = []
const unhealthy = new Set<number>()
let asked: { methodArn: string; pathParameters: Record<string, string> }[] = []
let backend: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end('ok')
let authorizerAnswer: (event: { methodArn: string }) => unknown
let api: ApiFixture
let records: Records
let url: string
let backendPort: number
let log: string[] = []

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(handle).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const policy = (effect: 'Allow' | 'Deny', resource: string) => ({
  principalId: 'caller',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }] },
  context: { identity: 'signed', forwardAuthorization: 'none' },
})

const authorized = { Authorization: 'Bearer token' }

beforeAll(async () => {
  const name = `gw${Date.now().toString(36)}`
  const balancer = await createBalancer(clients, name)
  const group = await createTargetGroup(clients, name)
  await addRule(clients, balancer.listenerArn, 10, ['/mcp/everything', '/mcp/everything/*'], group)
  backendPort = await listen((incoming, response) => backend(incoming, response))
  await registerTarget(clients, group, '127.0.0.1', backendPort)
  api = await createApi(clients, name)
  const server = await addResource(clients, api, api.mcpId, '{id}')
  const anything = await addResource(clients, api, server, '{proxy+}')
  await addServerRoute(clients, api, { resourceId: server, path: '/mcp/{id}', parameters: ['id'], balancer })
  await addServerRoute(clients, api, { resourceId: anything, path: '/mcp/{id}/{proxy}', parameters: ['id', 'proxy'], balancer })
  await addPreflight(clients, api, anything)
  const slow = await addResource(clients, api, api.mcpId, 'buffered')
  await addServerRoute(clients, api, {
    resourceId: slow,
    path: '/mcp/everything/buffered',
    parameters: [],
    balancer,
    stream: false,
    timeoutMs: 300,
  })
  await publish(clients, api)
  records = createRecords(clients)
  const gateway = createGateway({
    records,
    api,
    account,
    region,
    isHealthy: (_, target) => !unhealthy.has(target.port),
    invokeLambda: async (functionName, event) => {
      expect(functionName).toBe(`${name}-authorizer`)
      asked.push(event as (typeof asked)[number])
      return authorizerAnswer(event as { methodArn: string })
    },
    log: (line) => log.push(line),
  })
  url = `http://127.0.0.1:${await listen(gateway)}`
})

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

beforeEach(() => {
  asked = []
  log = []
  unhealthy.clear()
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

test("what the backend gets are the mapping's headers, not the caller's token", async () => {
  let headers: IncomingMessage['headers'] = {}
  backend = (incoming, response) => {
    headers = incoming.headers
    response.end()
  }
  await fetch(`${url}/mcp/everything/mcp`, { headers: { ...authorized, 'Mcp-Session-Id': 's' } })
  expect(headers).toMatchObject({
    'x-gantry-identity': 'signed',
    authorization: 'none',
    'mcp-session-id': 's',
    'x-forwarded-proto': 'http',
  })
})

test('a header of the same name in another case is another header', async () => {
  let raw: string[] = []
  backend = (incoming, response) => {
    raw = incoming.rawHeaders
    response.end()
  }
  await fetch(`${url}/mcp/everything/mcp`, { headers: { ...authorized, 'x-gantry-identity': 'forged' } })
  expect(raw.filter((_, index) => raw[index - 1]?.toLowerCase() === 'x-gantry-identity')).toEqual(['forged', 'signed'])
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

test('without a healthy target the answer is 503', async () => {
  unhealthy.add(backendPort)
  expect((await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })).status).toBe(503)
})

test('a target that drops the connection is a 502', async () => {
  backend = (incoming) => incoming.socket.destroy()
  expect((await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })).status).toBe(502)
})

test('a streamed answer arrives as it is written', async () => {
  let write: (text: string) => void = () => undefined
  backend = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    write = (text) => response.write(text)
  }
  const response = await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })
  const reader = response.body?.getReader()
  for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
    write(text)
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(text)
  }
  await reader?.cancel()
})

test('a client that leaves is gone for the backend too', async () => {
  const left = new Promise<void>((resolve) => {
    backend = (_, response) => {
      response.on('close', resolve)
      response.writeHead(200).write('first')
    }
  })
  const abort = new AbortController()
  const response = await fetch(`${url}/mcp/everything/mcp`, { headers: authorized, signal: abort.signal })
  await response.body?.getReader().read()
  abort.abort()
  await left
})

test('a buffered integration that is too slow is a 504', async () => {
  backend = () => undefined
  expect((await fetch(`${url}/mcp/buffered`, { headers: authorized })).status).toBe(504)
})

test('a body over 10 MB is refused, whether its length is said or not', async () => {
  backend = (incoming, response) => incoming.resume().on('end', () => response.end('taken'))
  const status = (headers: Record<string, string>, body: Buffer): Promise<number> =>
    new Promise((resolve, reject) => {
      const call = request(`${url}/mcp/everything/mcp`, { method: 'POST', headers: { ...authorized, ...headers } }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      call.on('error', reject)
      call.write(body)
      call.end()
    })
  const most = Buffer.alloc(10 * 1024 * 1024)
  const more = Buffer.alloc(10 * 1024 * 1024 + 1)
  expect(await status({ 'content-length': String(most.length) }, most)).toBe(200)
  expect(await status({ 'content-length': String(more.length) }, more)).toBe(413)
  expect(await status({ 'transfer-encoding': 'chunked' }, more)).toBe(413)
})

test("a backend's own challenge is remapped", async () => {
  backend = (_, response) => response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end()
  const { headers } = await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })
  expect([headers.get('www-authenticate'), headers.get('x-amzn-remapped-www-authenticate')]).toEqual([null, 'Basic'])
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
