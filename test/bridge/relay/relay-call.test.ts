import { EventEmitter, once } from 'node:events'
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { signIdentity } from '../support/identity.ts'
import { startBridge } from '../support/start-bridge.ts'
import { startRelay } from '../support/start-upstream.ts'

const path = '/mcp/fixture/mcp'

function call(origin: string, options: RequestOptions = {}): ClientRequest {
  return request(`${origin}${path}`, { ...options, headers: { 'x-gantry-identity': signIdentity(), ...options.headers } })
}

async function answerTo(asked: ClientRequest): Promise<IncomingMessage> {
  const [answer] = await once(asked.end(), 'response')
  return answer
}

/** A server that says these bytes to whatever it is asked, on each connection with its number. */
async function startRaw(answer: (socket: Socket, connection: number) => void) {
  let connections = 0
  const server = createServer((socket) => {
    const number = ++connections
    socket.on('error', () => {})
    socket.on('data', () => answer(socket, number))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return startBridge({ GANTRY_SERVER_TYPE: 'http', GANTRY_UPSTREAM_PORT: String(port) })
}

test('trailers pass in both directions', async () => {
  const { origin } = await startRelay(async (req, res) => {
    await text(req)
    res.writeHead(200, { trailer: 'X-Sum' })
    res.write('body')
    res.addTrailers({ 'X-Sum': String(req.rawTrailers) })
    res.end()
  })
  const asked = call(origin, { method: 'POST', headers: { trailer: 'X-Check', 'transfer-encoding': 'chunked' } })
  asked.write('body')
  asked.addTrailers({ 'X-Check': '42', 'X-Gantry-Identity': 'forged' })
  const answer = await answerTo(asked)
  expect([answer.headers.trailer, await text(answer)]).toEqual(['X-Sum', 'body'])
  expect(answer.trailers).toEqual({ 'x-sum': 'X-Check,42' })
})

test('early hints pass before the answer', async () => {
  const { origin } = await startRelay((_, res) => {
    res.writeEarlyHints({ link: ['</a>; rel=preload', '</b>; rel=preload'] })
    res.end('later')
  })
  const asked = call(origin)
  const hints = once(asked, 'information')
  const answer = await answerTo(asked)
  expect([(await hints)[0].statusCode, (await hints)[0].headers.link]).toEqual([103, '</a>; rel=preload, </b>; rel=preload'])
  expect(await text(answer)).toBe('later')
})

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 200, '5'],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', 204, undefined],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', 304, '5'],
])('the connection goes on behind an answer without a body: %s, %s', async (method, bytes, status, length) => {
  const { origin } = await startRaw((socket, connection) => socket.write(bytes.replace('\r\n', `\r\nX-Connection: ${connection}\r\n`)))
  for (const _ of [1, 2]) {
    const answer = await answerTo(call(origin, { method }))
    expect([answer.statusCode, answer.headers['content-length'], await text(answer)]).toEqual([status, length, ''])
    expect(answer.headers['x-connection']).toBe('1')
  }
})

test('an answer that ends with its connection passes whole', async () => {
  const { origin } = await startRaw((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'))
  expect(await text(await answerTo(call(origin)))).toBe('all of it')
})

test('a connection that its server closed is used no more', async () => {
  const { origin } = await startRaw((socket, connection) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${connection}`))
  for (const expected of ['1', '2', '3']) expect(await text(await answerTo(call(origin)))).toBe(expected)
})

test('bytes behind an answer never reach the next caller', async () => {
  const ok = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const { origin } = await startRaw((socket, connection) => socket.write(ok(`from ${connection}`) + ok('forged')))
  expect(await text(await answerTo(call(origin)))).toBe('from 1')
  expect(await text(await answerTo(call(origin)))).toBe('from 2')
})

test('an answer that can be read in two ways is 502', async () => {
  const { origin } = await startRaw((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
  )
  expect((await answerTo(call(origin))).statusCode).toBe(502)
})

test('a server that wants another protocol is 502', async () => {
  const { origin } = await startRaw((socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'))
  expect((await answerTo(call(origin, { headers: { connection: 'upgrade', upgrade: 'websocket' } }))).statusCode).toBe(502)
})

test('a body waits for the word of the bridge where the client asks for it', async () => {
  const { origin } = await startRelay(async (req, res) => void res.end(await text(req)))
  const asked = call(origin, { method: 'POST', headers: { expect: '100-continue', 'content-length': '4' } })
  asked.flushHeaders()
  await once(asked, 'continue')
  asked.write('body')
  expect(await text(await answerTo(asked))).toBe('body')
})

test.each([
  ['an HTTP/1.1 client gets no last chunk', 'HTTP/1.1', /half\r\n$/],
  ['an HTTP/1.0 client gets a reset', 'HTTP/1.0', 'ECONNRESET'],
] as const)('a server that resets in the middle never looks done: %s', async (_, version, expected) => {
  let reset = () => {}
  const { origin } = await startRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n')
    reset = () => socket.resetAndDestroy()
  })
  const client = connect(Number(new URL(origin).port), '127.0.0.1')
  client.write(`GET ${path} ${version}\r\nHost: x\r\nX-Gantry-Identity: ${signIdentity()}\r\n\r\n`)
  client.once('data', () => reset())
  const outcome = await text(client).catch((error: NodeJS.ErrnoException) => String(error.code))
  expect(outcome).toMatch(expected)
})

test('a client that resets in the middle of its body breaks the request off', async () => {
  const seen = new EventEmitter()
  const { origin } = await startRelay((req) => {
    req.once('data', () => seen.emit('data'))
    req.on('error', () => {}).once('close', () => seen.emit('close', req.complete))
  })
  const asked = call(origin, { method: 'POST', headers: { 'content-length': '100' } }).on('error', () => {})
  asked.write('half')
  await once(seen, 'data')
  asked.socket?.resetAndDestroy()
  expect(await once(seen, 'close')).toEqual([false])
})

test('a server that answers early gets its connection closed, and the next call another', async () => {
  const { origin } = await startRaw((socket, connection) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${connection}`))
  const early = call(origin, { method: 'POST', headers: { 'content-length': '100' } }).on('error', () => {})
  early.write('half')
  const [answer] = await once(early, 'response')
  expect(await text(answer)).toBe('1')
  expect(await text(await answerTo(call(origin)))).toBe('2')
})

test('a reader that takes nothing holds the server, and gets everything once it reads', async () => {
  const bytes = 32_000_000
  let taken = false
  const { origin } = await startRelay(
    (_, res) =>
      void res.end(Buffer.alloc(bytes), () => {
        taken = true
      }),
  )
  const answer = await answerTo(call(origin))
  await sleep(200)
  expect(taken).toBe(false)
  let received = 0
  for await (const chunk of answer) received += chunk.length
  expect(received).toBe(bytes)
})

test('a server that takes nothing holds the client', async () => {
  const { origin } = await startRelay((req, res) => {
    req.pause()
    setTimeout(() => req.resume().once('end', () => res.end('read')), 200)
  })
  const asked = call(origin, { method: 'POST' })
  let taken = 0
  asked.write(Buffer.alloc(32_000_000), () => {
    taken = performance.now()
  })
  const before = performance.now()
  expect(await text(await answerTo(asked))).toBe('read')
  expect(taken - before).toBeGreaterThan(150)
})
