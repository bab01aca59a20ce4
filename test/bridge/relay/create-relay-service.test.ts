import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { signIdentity } from '../support/identity.ts'
import { listen, post } from '../support/raw.ts'
import { connectClient, fixture, startBridge } from '../support/start-bridge.ts'
import { startRelay } from '../support/start-upstream.ts'

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }

async function echoRequest(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  return JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body: Buffer.concat(chunks).toString() })
}

const startEcho = (env: Record<string, string> = {}) => startRelay(async (req, res) => void res.end(await echoRequest(req)), env)

test('an official client works through the relay with a server that takes loopback names only', async () => {
  const child = spawn(process.execPath, [fixture('http-server.mjs')], { env: { PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill())
  const [line] = await once(child.stdout, 'data')
  const { url } = await startBridge({ GANTRY_SERVER_TYPE: 'http', GANTRY_UPSTREAM_PORT: String(line).trim() })
  const { client } = await connectClient(url)
  const result = JSON.stringify(await client.callTool({ name: 'whoami' }))
  expect(result).toContain('x-gantry-identity')
})

test.each([
  ['/mcp/fixture/mcp', '/api/v1'],
  ['/live/mcp/fixture/mcp?a=b', '/api/v1?a=b'],
  ['/mcp/fixture/metrics?x=%2F', '/metrics?x=%2F'],
  ['/mcp/fixture/health', '/health'],
  ['/mcp/fixture', '/'],
])('%s reaches the server as %s', async (path, expected) => {
  const { origin } = await startEcho({ GANTRY_MCP_PATH: '/api/v1' })
  expect(JSON.parse(await (await listen(origin + path)).text()).url).toBe(expected)
})

test('the server sees the caller, the headers of MCP and its own address, and nothing that was not forwarded', async () => {
  const { url, port, origin } = await startEcho()
  const token = signIdentity({ sub: 'carol' })
  const sent = {
    'x-gantry-identity': token,
    authorization: 'none',
    'mcp-session-id': 's',
    'mcp-method': 'ping',
    origin: 'http://gateway.test',
  }
  const { headers, body } = JSON.parse(await (await post(url, ping, sent)).text())
  expect(headers).toMatchObject({
    'x-gantry-identity': token,
    'mcp-session-id': 's',
    'mcp-method': 'ping',
    host: `127.0.0.1:${port}`,
    'x-forwarded-host': new URL(origin).host,
  })
  expect([headers.authorization, headers.origin]).toEqual([undefined, undefined])
  expect(body).toBe(JSON.stringify(ping))
})

test('an Authorization that the platform forwards arrives', async () => {
  const { url } = await startEcho()
  const { headers } = JSON.parse(await (await post(url, ping, { authorization: 'Bearer x' })).text())
  expect(headers.authorization).toBe('Bearer x')
})

test('status, repeated headers and the body of the answer pass, the headers of the connection do not', async () => {
  const { url } = await startRelay((_, res) => {
    res.writeHead(418, 'Teapot', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Mcp-Session-Id', 's', 'X-Drop', '1', 'Connection', 'X-Drop'])
    res.end('short')
  })
  const response = await post(url, ping)
  expect([response.status, response.statusText, await response.text()]).toEqual([418, 'Teapot', 'short'])
  expect([response.headers.getSetCookie(), response.headers.get('mcp-session-id')]).toEqual([['a=1', 'b=2'], 's'])
  expect(response.headers.get('x-drop')).toBe(null)
})

test('each chunk passes in both directions before the next one exists', async () => {
  const { origin } = await startRelay((req, res) => void req.pipe(res))
  const headers = { 'x-gantry-identity': signIdentity() }
  const upload = request(`${origin}/mcp/fixture/mcp`, { method: 'POST', headers })
  upload.write('one')
  const [response] = (await once(upload, 'response')) as [IncomingMessage]
  expect(String((await once(response, 'data'))[0])).toBe('one')
  upload.write('two')
  expect(String((await once(response, 'data'))[0])).toBe('two')
  upload.end()
  response.resume()
  await once(response, 'end')
})

test('the headers of a stream arrive before its first event', async () => {
  const { url } = await startRelay((_, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    res.flushHeaders()
  })
  const leaving = new AbortController()
  expect((await listen(url, {}, { signal: leaving.signal })).status).toBe(200)
  leaving.abort()
})

test('a client that goes away is gone for the server too', async () => {
  const gone = new EventEmitter()
  const { url } = await startRelay((_, res) => {
    res.writeHead(200).flushHeaders()
    res.on('close', () => gone.emit('close'))
  })
  const leaving = new AbortController()
  await listen(url, {}, { signal: leaving.signal })
  leaving.abort()
  await once(gone, 'close')
})

test('a server that breaks off in the middle breaks off the answer', async () => {
  const { url } = await startRelay((_, res) => {
    res.writeHead(200, { 'content-length': '100' })
    res.write('half', () => res.destroy())
  })
  await expect(post(url, ping).then((response) => response.text())).rejects.toThrow()
})

test('a server that closes without an answer is 502', async () => {
  const { url } = await startRelay((_, res) => void res.destroy())
  expect((await post(url, ping)).status).toBe(502)
})

test('a server that does not listen yet is 503 with Retry-After', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  closed.close()
  await once(closed, 'close')
  const { url } = await startBridge({ GANTRY_SERVER_TYPE: 'http', GANTRY_UPSTREAM_PORT: String(port) })
  const response = await post(url, ping)
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
})

test('a server may refuse a body before it has read it', async () => {
  const { url } = await startRelay((_, res) => void res.writeHead(413).end('too much'))
  const response = await post(url, 'x'.repeat(3_000_000))
  expect([response.status, await response.text()]).toEqual([413, 'too much'])
})

test('draining lets a call finish and ends what only listens', async () => {
  const server = new EventEmitter()
  const { url, bridge } = await startRelay(
    (req, res) => {
      if (req.method === 'GET') return res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      server.emit('called', () => res.end('finished'))
    },
    {},
    { drainSeconds: 5 },
  )
  const stream = await listen(url)
  const waiting = post(url, ping)
  const [finish] = await once(server, 'called')
  const drained = bridge.drain()
  await expect(stream.text()).rejects.toThrow()
  finish()
  expect(await (await waiting).text()).toBe('finished')
  await drained
})
