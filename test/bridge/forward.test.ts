import { once } from 'node:events'
import { get, type IncomingMessage, type InformationEvent } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createSeal, drawBoot } from '../../bridge/seal.ts'
import { signIdentity } from './support/identity.ts'
import { call, initialize, listen, post, readAnswer, readEvents } from './support/raw.ts'
import { startBridge } from './support/start-bridge.ts'
import { sessionSecret, startTasks } from './support/start-tasks.ts'

/** A peer that does with a connection what a test says, and a session that names it. */
async function startPeer(onConnection: (socket: Socket) => void) {
  const peer = createServer(onConnection).listen(0, '127.0.0.3')
  await once(peer, 'listening')
  onTestFinished(() => void peer.close())
  const { port } = peer.address() as { port: number }
  return { 'mcp-session-id': createSeal(sessionSecret).close({ host: '127.0.0.3', port, boot: drawBoot(), own: '' }, 'alice') }
}

const startHere = () => startBridge({ GANTRY_HOST: '127.0.0.2', GANTRY_SESSION_SECRET: sessionSecret })

test('a session whose task is gone is not found, for a call and for a stream', async () => {
  const { here, there } = await startTasks()
  const session = await initialize(there.url)
  await there.bridge.drain()
  const answer = await post(here.url, call(1, 'pid'), session)
  expect([answer.status, (await readAnswer(answer)).error]).toEqual([404, { code: -32001, message: 'Session not found' }])
  expect((await listen(here.url, session)).status).toBe(404)
})

test('a task that resets the connection before it took the call has not run it, and its session is not found', async () => {
  const here = await startHere()
  const received: string[] = []
  const session = await startPeer((socket) => {
    socket.on('data', (chunk) => {
      received.push(String(chunk))
      socket.resetAndDestroy()
    })
  })
  expect((await post(here.url, call(1, 'pid'), session)).status).toBe(404)
  expect(received.join('')).toMatch(/^POST .*\r\nexpect: 100-continue\r\n(.*\r\n)?\r\n$/is)
})

test('calls through another task share a connection, and a new one takes the place of one that was closed', async () => {
  const here = await startHere()
  const sockets: Socket[] = []
  const session = await startPeer((socket) => {
    const turn = sockets.push(socket)
    socket.on('data', (chunk) => {
      if (turn === 1 && String(chunk).includes('third')) return socket.resetAndDestroy()
      if (String(chunk).startsWith('POST')) return socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ text: `connection ${turn}` }] } })
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    })
  })
  const connectionOf = async (turn: string) =>
    (await readAnswer(await post(`${here.url}?${turn}`, call(1, 'pid'), session))).result?.content[0]?.text
  expect([await connectionOf('first'), await connectionOf('second')]).toEqual(['connection 1', 'connection 1'])
  expect(await connectionOf('third')).toBe('connection 2')
})

test('early hints and trailers pass through another task', async () => {
  const here = await startHere()
  const session = await startPeer((socket) => {
    socket.write(
      'HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\nHTTP/1.1 200 OK\r\ntrailer: x-sum\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    socket.write('2\r\nhi\r\n0\r\nx-sum: 7\r\n\r\n')
  })
  const headers = { ...session, accept: 'text/event-stream', 'x-gantry-identity': signIdentity() }
  const request = get(here.url, { headers })
  const hinted = once(request, 'information') as Promise<[InformationEvent]>
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  await once(response.resume(), 'end')
  const [{ statusCode, headers: hints }] = await hinted
  expect([statusCode, hints.link, response.trailers]).toEqual([103, '</style.css>', { 'x-sum': '7' }])
})

test('a call whose task dies after it took it may have been run, and its client is told so', async () => {
  const here = await startHere()
  const session = await startPeer((socket) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    socket.on('data', (chunk) => String(chunk).includes('tools/call') && socket.resetAndDestroy())
  })
  const answer = await post(here.url, call(1, 'pid'), session)
  expect([answer.status, (await readAnswer(answer)).error?.code]).toEqual([502, -32603])
})

test('an answer that breaks off is broken off for the client too', async () => {
  const here = await startHere()
  const session = await startPeer((socket) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf')
    socket.on('data', (chunk) => String(chunk).includes('tools/call') && socket.destroy())
  })
  await expect(post(here.url, call(1, 'pid'), session).then((response) => response.text())).rejects.toThrow()
})

test('a client that goes away ends the forwarded request', async () => {
  const here = await startHere()
  const sockets: Socket[] = []
  const session = await startPeer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n')
    sockets.push(socket.resume())
  })
  const leaving = new AbortController()
  await listen(here.url, session, { signal: leaving.signal })
  const gone = once(sockets[0] as Socket, 'close')
  leaving.abort()
  await gone
})

test('a call in flight at a task that drains is finished, with what its client answers meanwhile', async () => {
  const { here, there } = await startTasks({}, { drainSeconds: 5 })
  const session = await initialize(there.url)
  const events = readEvents(await post(here.url, call(1, 'ask'), session))
  let asked = (await events.next()).value
  while (!asked?.data) asked = (await events.next()).value
  const drained = there.bridge.drain()
  const roots = { jsonrpc: '2.0', id: JSON.parse(asked.data).id, result: { roots: ['kept'] } }
  expect((await post(here.url, roots, session)).status).toBe(202)
  expect((await events.next()).value?.data).toContain('kept')
  await drained
})

test('a task that drains lets go of the streams of other tasks, whose sessions go on', async () => {
  const { here, there } = await startTasks({}, { drainSeconds: 60 })
  const session = await initialize(there.url)
  const stream = await listen(here.url, session)
  await here.bridge.drain()
  await expect(stream.text()).rejects.toThrow()
  expect((await post(there.url, call(1, 'pid'), session)).status).toBe(200)
})

test('11 MB pass in both directions', async () => {
  const { here, there } = await startTasks()
  const session = await initialize(there.url)
  const value = 'x'.repeat(11_000_000)
  const text = (await readAnswer(await post(here.url, call(1, 'echo', { value }), session))).result?.content[0]?.text
  expect(text?.length).toBe(value.length)
})
