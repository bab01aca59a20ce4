import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createKeepAlive } from '../../../bridge/relay/keep-alive.ts'
import { listen } from '../support/raw.ts'
import { startRelay } from '../support/start-upstream.ts'

const comment = ': keep-alive\n\n'
const quietMs = 1000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An event stream on its way to a client, and what reaches that one. */
function createStream() {
  let received = ''
  const write = (data: Buffer | string) => {
    received += data
  }
  const res = Object.assign(new EventEmitter(), { write, writableNeedDrain: false })
  const alive = createKeepAlive(res as unknown as ServerResponse, quietMs)
  const send = (text: string) => {
    write(text)
    alive.passed(Buffer.from(text))
  }
  return { res, alive, send, silent: () => void vi.advanceTimersByTime(quietMs), received: () => received }
}

test.each(['\n', '\r\n', '\r'])('a silent stream gets a comment between its events, with %j as its line break', (lineBreak) => {
  const { send, silent, received } = createStream()
  const event = `event: x${lineBreak}data: 1${lineBreak}${lineBreak}`
  silent()
  send(event)
  silent()
  silent()
  expect(received()).toBe(comment + event + comment + comment)
})

test.each([
  ['in a line', 'data: {"half', '":1}\n\n'],
  ['between two lines', 'event: x\r\n', 'data: 1\r\n\r\n'],
  ['in the last break', 'data: 1\r\n\r', '\n'],
])('an event that its server leaves unfinished %s stays whole', (_, first, second) => {
  const { send, silent, received } = createStream()
  send(first)
  silent()
  send(second)
  silent()
  expect(received()).toBe(first + second + comment)
})

test('a stream that says something in time is left alone', () => {
  const { send, received } = createStream()
  for (let event = 0; event < 4; event++) {
    send('data: 1\n\n')
    vi.advanceTimersByTime(quietMs - 1)
  }
  expect(received()).not.toContain(comment)
})

test('a reader that takes nothing gets nothing more', () => {
  const { res, silent, received } = createStream()
  res.writableNeedDrain = true
  silent()
  expect(received()).toBe('')
})

test.each(['its end', 'the client’s leaving'])('after %s nothing is left of it', (which) => {
  const { alive, res } = createStream()
  if (which === 'its end') alive.stop()
  else res.emit('close')
  expect(vi.getTimerCount()).toBe(0)
})

const stream = { 'content-type': 'text/event-stream' }

test('the relay keeps the streams of a silent server alive', async () => {
  vi.useRealTimers()
  const { url } = await startRelay((_, res) => res.writeHead(200, stream).flushHeaders(), {}, { keepAliveSeconds: 0.05 })
  const reader = (await listen(url)).body?.getReader()
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(comment)
  await reader?.cancel()
})

test.each([{ 'content-length': '18' }, { 'content-encoding': 'identity' }])('nothing is added to a stream with %o', async (headers) => {
  vi.useRealTimers()
  const event = 'data: 1\n\n'
  const answer = async (_: unknown, res: ServerResponse) => {
    res.writeHead(200, { ...stream, ...headers }).write(event)
    await pause(150)
    res.end(event)
  }
  const { url } = await startRelay(answer, {}, { keepAliveSeconds: 0.05 })
  expect(await (await listen(url)).text()).toBe(event + event)
})
