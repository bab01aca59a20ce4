import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { signIdentity } from './support/identity.ts'
import { call, initialize, initializeBody, listen, post } from './support/raw.ts'
import { startBridge } from './support/start-bridge.ts'

/** Sends bytes as they are and returns what comes back until the end. */
async function exchange(origin: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.end(text)
  await once(socket, 'close')
  return answer
}

test('health is answered without identity, and only where no server id stands in front', async () => {
  const { origin } = await startBridge({ GANTRY_HEALTH_PATH: '/ready' })
  for (const path of ['/health', '/healthz', '/status', '/ready', '/health?x=1']) {
    const response = await fetch(origin + path)
    expect([response.status, await response.json()]).toEqual([200, { status: 'healthy' }])
  }
  expect((await fetch(`${origin}/mcp/fixture/health`)).status).toBe(401)
})

test.each([
  ['without identity', '', 401],
  ['with an identity for another server', signIdentity({ aud: 'other' }), 403],
  ['with an expired identity', signIdentity({ exp: 1 }), 403],
])('a call %s is refused before anything starts', async (_, identity, status) => {
  const { url, logs } = await startBridge()
  expect((await post(url, initializeBody(), { 'x-gantry-identity': identity })).status).toBe(status)
  expect(logs).toEqual([])
})

test('two identity headers are refused although both are good', async () => {
  const { origin } = await startBridge()
  const identity = `X-Gantry-Identity: ${signIdentity()}\r\n`
  const answer = await exchange(origin, `GET /mcp/fixture/mcp HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${identity}${identity}\r\n`)
  expect(answer).toMatch(/^HTTP\/1.1 403 /)
})

test.each([
  ['http://gateway.test', 200],
  ['http://evil.test', 403],
  ['https://gateway.test', 403],
  ['null', 403],
])('the Origin %s is answered %i', async (origin, status) => {
  const { url } = await startBridge()
  expect((await post(url, initializeBody(), { origin })).status).toBe(status)
})

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400],
  ['a target that is no path', 'GET http://x/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ['a flood of headers', `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
])('%s is %s, and the next caller is served', async (_, text, status) => {
  const { origin } = await startBridge()
  expect(await exchange(origin, text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect((await fetch(`${origin}/health`)).status).toBe(200)
})

test('requests that come in one go are answered in their order', async () => {
  const { origin } = await startBridge()
  const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`
  const answer = await exchange(origin, get('/health') + get('/nothing') + get('/health', 'Connection: close\r\n'))
  expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401', 'HTTP/1.1 200'])
})

test('a request behind another one on its connection is begun once that one is answered, and never if the connection ends', async () => {
  const { origin, url, bridge } = await startBridge({}, { drainSeconds: 60 })
  const session = await initialize(url)
  const bytes = (body: unknown) => {
    const text = JSON.stringify(body)
    const head = ['POST /mcp/fixture/mcp HTTP/1.1', 'Host: x', 'Content-Type: application/json', `X-Gantry-Identity: ${signIdentity()}`]
    return `${head.join('\r\n')}\r\nMcp-Session-Id: ${session['mcp-session-id']}\r\nContent-Length: ${text.length}\r\n\r\n${text}`
  }
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  socket.write(bytes(call(1, 'later', { ms: 200, value: 'first' })) + bytes(call(2, 'big', { bytes: 300_000 })) + bytes(call(3, 'hang')))
  let answer = ''
  for await (const chunk of socket) {
    answer += chunk
    if (answer.includes('"id":2')) break
  }
  expect(answer.indexOf('"id":1')).toBeLessThan(answer.indexOf('"id":2'))
  expect((await post(url, call(4, 'echo', { value: 'still here' }), session)).status).toBe(200)
  await listen(url, session, { method: 'DELETE' })
  await bridge.drain()
})

test('bytes that are no request in the middle of an answer end the connection, and are not answered', async () => {
  const { origin } = await startBridge()
  const head = `GET /mcp/fixture/sse HTTP/1.1\r\nHost: x\r\nX-Gantry-Identity: ${signIdentity()}\r\n\r\n`
  const answer = await exchange(origin, `${head}\0\0\0\r\n\r\n`)
  expect(answer).not.toMatch(/HTTP\/1.1 400/)
})

test('an answer to headers above the limit reaches a client that goes on sending', async () => {
  const { origin } = await startBridge()
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  const send = (text: string) => new Promise<void>((resolve, reject) => socket.write(text, (error) => (error ? reject(error) : resolve())))
  await send(`GET /health HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}`)
  await once(socket, 'readable')
  for (let more = 0; more < 20; more++) await send('y'.repeat(100_000))
  expect(String(socket.read())).toMatch(/^HTTP\/1.1 431 (.|\r|\n)*"code":-32000/)
})

test('a path that the server does not have is 404', async () => {
  const { origin } = await startBridge()
  expect((await post(`${origin}/mcp/fixture/other`, initializeBody())).status).toBe(404)
})

test('a connection may stay idle longer than the load balancer keeps it', async () => {
  const { origin } = await startBridge()
  expect((await fetch(`${origin}/health`)).headers.get('keep-alive')).toBe('timeout=910')
})
