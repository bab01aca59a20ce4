import { once } from 'node:events'
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, connect, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createLargePayloads } from '../../../bridge/large-payloads.ts'
import { defaultLimits } from '../../../bridge/limits.ts'
import { createPressure } from '../../../bridge/stdio/pressure.ts'

const still = { pause: () => {}, resume: () => {} }
const payloads = () => createLargePayloads(defaultLimits())

/** A response without a socket keeps all that is written. */
function slowReader(): ServerResponse {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  response.write(Buffer.alloc(100_000))
  return response
}

test('a source is held until the last slow reader has drained', () => {
  const calls: string[] = []
  const source = { pause: () => calls.push('pause'), resume: () => calls.push('resume') }
  const { onWrite } = createPressure({ source, payloads: payloads(), stallSeconds: 60 })
  const [one, two] = [slowReader(), slowReader()]
  for (const reader of [one, two, one]) onWrite(reader)
  one.emit('drain')
  expect(calls).toEqual(['pause'])
  two.emit('close')
  expect(calls).toEqual(['pause', 'resume'])
})

/** Opens a connection to a server whose answer is far more than the system's buffers hold. */
async function openLarge(stallSeconds: number) {
  const { onWrite } = createPressure({ source: still, payloads: payloads(), stallSeconds })
  const server = createServer((_, res) => {
    res.end(Buffer.alloc(20_000_000))
    onWrite(res)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
    server.close()
  })
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const [connection] = await once(server, 'connection')
  return { socket, closed: once(connection, 'close') }
}

test('a reader that takes nothing loses its connection', async () => {
  const { socket, closed } = await openLarge(0.2)
  socket.pause()
  await closed
})

test('a reader that takes a little now and then keeps its connection, however long that takes', async () => {
  const { socket } = await openLarge(0.5)
  let bytes = 0
  socket.on('data', (chunk) => {
    bytes += chunk.length
    socket.pause()
    setTimeout(() => socket.resume(), 2)
    if (bytes > 20_000_000) socket.destroy()
  })
  await once(socket, 'close')
  expect(bytes).toBeGreaterThan(20_000_000)
})
