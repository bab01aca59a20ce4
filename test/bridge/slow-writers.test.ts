import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { signIdentity } from './support/identity.ts'
import { call, initialize, listen, post, readEvents } from './support/raw.ts'
import { startBridge } from './support/start-bridge.ts'

const limits = { headersSeconds: 0.2, requestSeconds: 0.4 }

/** Sends a piece of a request and goes on with a byte now and then; what the bridge said until it ended the connection. */
async function trickle(origin: string, beginning: string): Promise<string> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1').on('error', () => {})
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.write(beginning)
  const drops = setInterval(() => socket.write('x'), 50)
  onTestFinished(() => clearInterval(drops))
  await once(socket, 'end')
  return answer
}

test('a client that sends its headers byte by byte is told 408', async () => {
  const { origin } = await startBridge({}, limits)
  expect(await trickle(origin, 'GET /health HTTP/1.1\r\nX: ')).toMatch(/^HTTP\/1.1 408 (.|\r|\n)*"code":-32000/)
})

test('a client that sends its body byte by byte loses its connection, and its session goes on', async () => {
  const { origin, url } = await startBridge({}, limits)
  const session = await initialize(url)
  const head = [
    'POST /mcp/fixture/mcp HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `X-Gantry-Identity: ${signIdentity()}`,
    `Mcp-Session-Id: ${session['mcp-session-id']}`,
  ]
  await trickle(origin, `${head.join('\r\n')}\r\nContent-Length: 1000\r\n\r\n`)
  expect((await post(url, call(1, 'echo', { value: 1 }), session)).status).toBe(200)
})

test('a stream and a call live far longer than a request may take to come', async () => {
  const { url } = await startBridge({}, { ...limits, keepAliveSeconds: 0.1 })
  const session = await initialize(url)
  const events = readEvents(await listen(url, session))
  const late = await post(url, call(1, 'later', { ms: 1000, value: 'late' }), session)
  expect(await late.text()).toContain('late')
  expect((await events.next()).value).toMatchObject({ comment: 'keep-alive' })
  await events.return(undefined)
})
