import { EventEmitter, once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, onTestFinished, test } from 'vitest'
import { signIdentity } from '../support/identity.ts'
import { call, initialize, initializeBody, listen, post, readAnswer, readEvents } from '../support/raw.ts'
import { connectClient, startBridge } from '../support/start-bridge.ts'
import { startFixture } from '../support/start-fixture.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { ask } from '../support/stateless.ts'
import { until } from '../support/until.ts'

const startSse = async (env: Record<string, string> = {}, port?: number) =>
  startBridge({
    GANTRY_SERVER_TYPE: 'sse',
    GANTRY_UPSTREAM_PORT: String(port ?? (await startFixture('sse-server.mjs', env))),
    GANTRY_MCP_PATH: '/sse',
  })

const asking = () => {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { roots: {} } })
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///asked' }] }))
  return client
}

test('an official Streamable HTTP client calls tools of an sse server, and is asked by it', async () => {
  const { url } = await startSse()
  const { client } = await connectClient(url, { client: asking() })
  expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('whoami')
  expect(JSON.stringify(await client.callTool({ name: 'whoami' }))).toContain('x-gantry-identity')
  expect(JSON.stringify(await client.callTool({ name: 'ask' }))).toContain('file:///asked')
})

test.each(['/message', 'http://0.0.0.0:9/message', '/mcp/fixture/message', '/live/mcp/fixture/message'])(
  'an official SSE client works behind the prefix when the server announces %s',
  async (endpoint) => {
    const { url } = await startSse({ ENDPOINT: endpoint })
    const client = asking()
    onTestFinished(() => client.close())
    const headers = { 'x-gantry-identity': signIdentity() }
    await client.connect(new SSEClientTransport(new URL(url.replace(/mcp$/, 'sse')), { requestInit: { headers } }))
    expect(JSON.stringify(await client.callTool({ name: 'ask' }))).toContain('file:///asked')
  },
)

test('the plain stream names a message endpoint of its caller behind the public prefix', async () => {
  const { origin } = await startSse()
  const leaving = new AbortController()
  const events = readEvents(await listen(`${origin}/mcp/fixture/sse`, {}, { signal: leaving.signal }))
  const endpoint = (await events.next()).value
  expect(endpoint).toMatchObject({ event: 'endpoint', data: expect.stringMatching(/^\/mcp\/fixture\/messages\?sessionId=.+/) })
  const bob = { 'x-gantry-identity': signIdentity({ sub: 'bob' }) }
  expect((await post(`${origin}${endpoint?.data}`, initializeBody(), bob)).status).toBe(404)
  leaving.abort()
})

test('each session has a stream of its own, which ends with it', async () => {
  const { url } = await startSse()
  const [first, second] = [await connectClient(url), await connectClient(url)]
  expect(JSON.stringify(await second.client.callTool({ name: 'sessions' }))).toContain('2')
  await first.transport.terminateSession()
  await expect.poll(async () => JSON.stringify(await second.client.callTool({ name: 'sessions' }))).toContain('"1"')
})

test('a result of megabytes passes', async () => {
  const { url } = await startSse()
  const { client } = await connectClient(url)
  expect(JSON.stringify(await client.callTool({ name: 'big' })).length).toBeGreaterThan(3_000_000)
})

test('a stream that the server closes ends its session only', async () => {
  const { url } = await startSse()
  const session = await initialize(url)
  const answer = await readAnswer(await post(url, call(1, 'leave'), session))
  expect(answer.error?.message).toContain('closed its event stream')
  expect((await post(url, call(2, 'sessions'), session)).status).toBe(404)
  await initialize(url)
})

test('other paths are the server’s own', async () => {
  const { origin } = await startSse()
  const answers = await Promise.all(['/metrics', '/other'].map((path) => listen(`${origin}/mcp/fixture${path}`)))
  expect(await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]))).toEqual([
    [200, '/metrics'],
    [404, '/other'],
  ])
})

test('health is the server’s: its stream answers, a port that nobody listens on does not', async () => {
  const { origin } = await startSse()
  expect((await fetch(`${origin}/health`)).status).toBe(200)
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  closed.close()
  await once(closed, 'close')
  const { origin: dead, url } = await startSse({}, port)
  expect((await fetch(`${dead}/health`)).status).toBe(503)
  expect((await readAnswer(await post(url, initializeBody()))).error?.message).toContain(`does not listen on port ${port}`)
})

test('a message that the server refuses is an error of its own call', async () => {
  const port = await startUpstream((req, res) => {
    if (req.method === 'POST') return res.writeHead(500).end()
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.write('event: endpoint\r\ndata: /m\r\n\r\n')
  })
  const { url } = await startSse({}, port)
  expect((await readAnswer(await post(url, initializeBody()))).error?.message).toContain('answers 500 on its message endpoint')
})

test('what follows a notification waits until the server has taken it', async () => {
  const bodies: string[] = []
  let streams: ServerResponse | undefined
  const port = await startUpstream(async (req, res) => {
    if (req.method === 'GET') {
      streams = res.writeHead(200, { 'content-type': 'text/event-stream' })
      return void res.write('event: endpoint\ndata: /m\n\n')
    }
    let body = ''
    for await (const chunk of req) body += chunk
    const { id, method } = JSON.parse(body)
    if (method === 'notifications/initialized') await new Promise((resolve) => setImmediate(resolve))
    bodies.push(method)
    res.writeHead(202).end()
    const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x', version: '1' } }
    if (id !== undefined) streams?.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`)
  })
  const { url } = await startSse({}, port)
  const session = await initialize(url)
  await Promise.all([
    post(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, session),
    post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, session),
  ])
  expect(bodies).toEqual(['initialize', 'notifications/initialized', 'tools/list'])
})

test('a large message that the server does not take holds the next one back, until the session ends', async () => {
  const taken: string[] = []
  const gone = new EventEmitter()
  const port = await startUpstream(async (req, res) => {
    if (req.method === 'GET') {
      res.writeHead(200, { 'content-type': 'text/event-stream' })
      return void res.write(
        `event: endpoint\ndata: /m\n\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: 0, result: { protocolVersion: '2025-11-25' } })}\n\n`,
      )
    }
    let body = ''
    for await (const chunk of req) body += chunk
    const { method } = JSON.parse(body)
    taken.push(method)
    if (method === 'initialize') return res.writeHead(202).end()
    res.once('close', () => gone.emit('gone'))
  })
  const { url } = await startSse({}, port)
  const session = await initialize(url)
  const first = post(url, call(1, 'first', { value: 'x'.repeat(100_000) }), session)
  await until(() => taken.length === 2)
  const second = post(url, call(2, 'second'), session)
  await initialize(url)
  const left = once(gone, 'gone')
  await listen(url, session, { method: 'DELETE' })
  await left
  expect([(await readAnswer(await first)).error?.code, (await second).status]).toEqual([-32603, 404])
  expect(taken).toEqual(['initialize', 'tools/call', 'initialize'])
})

test('a stateless client calls tools of an sse server, each call with its own headers', async () => {
  const { url } = await startSse()
  const whoami = async (word: string) => (await ask(url, 'tools/call', { name: 'whoami' }, { headers: { 'x-word': word } })).text()
  expect(await whoami('first')).toContain('first')
  expect(await whoami('second')).toContain('second')
})
