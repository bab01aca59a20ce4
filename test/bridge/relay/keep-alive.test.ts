import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepAlive } from '../../../bridge/relay/keep-alive.ts'
import { listen } from '../support/raw.ts'
import { startRelay } from '../support/start-upstream.ts'

const comment = ': keep-alive\n\n'
const quietMs = 1000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An event stream on its way to a client, and what reaches that one. */
function streamWith(headers: readonly string[] = []) {
  let received = ''
  const write = (data: Buffer | string) => {
    received += data
  }
  const res = Object.assign(new EventEmitter(), { write, writableNeedDrain: false })
  const watch = keepAlive(headers, res as unknown as ServerResponse, quietMs)
  return {
    res,
    end: () => watch?.onEnd(),
    send: (text: string) => {
      write(text)
      watch?.onData(Buffer.from(text))
    },
    silent: () => void vi.advanceTimersByTime(quietMs),
    received: () => received,
  }
}

test.each(['\n', '\r\n', '\r'])('a silent stream gets a comment between its events, with %j as its line break', (lineBreak) => {
  const { send, silent, received } = streamWith()
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
  const { send, silent, received } = streamWith()
  send(first)
  silent()
  send(second)
  silent()
  expect(received()).toBe(first + second + comment)
})

test('a stream that says something in time is left alone', () => {
  const { send, received } = streamWith()
  for (let event = 0; event < 4; event++) {
    send('data: 1\n\n')
    vi.advanceTimersByTime(quietMs - 1)
  }
  expect(received()).not.toContain(comment)
})

test.each(['Content-Length', 'Content-Encoding'])('nothing is added to a stream with %s', (name) => {
  const { silent, received } = streamWith([name, '9'])
  silent()
  expect(received()).toBe('')
})

test('a reader that takes nothing gets nothing more', () => {
  const { res, silent, received } = streamWith()
  res.writableNeedDrain = true
  silent()
  expect(received()).toBe('')
})

test.each(['its end', 'the client’s leaving'])('after %s nothing is left of it', (which) => {
  const { end, res } = streamWith()
  if (which === 'its end') end()
  else res.emit('close')
  expect(vi.getTimerCount()).toBe(0)
})

test('the relay keeps the streams of a silent server alive', async () => {
  vi.useRealTimers()
  const { url } = await startRelay(
    (_, res) => res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(),
    {},
    { keepAliveSeconds: 0.05 },
  )
  const reader = (await listen(url)).body?.getReader()
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(comment)
  await reader?.cancel()
})
