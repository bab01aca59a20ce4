import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog, createRareLog } from '../../bridge/log.ts'

/** A reader of the log that takes nothing until it is told to. */
function stuckReader() {
  const lines: Record<string, unknown>[] = []
  let release = () => {}
  let stuck = true
  const stream = new Writable({
    write: (chunk, _, done) => {
      lines.push(JSON.parse(chunk))
      if (stuck) release = done
      else done()
    },
  })
  return {
    stream,
    lines,
    read: () => {
      stuck = false
      release()
    },
  }
}

test('a log that nobody reads stays bounded, and says afterwards how many lines it left out', async () => {
  const { stream, lines, read } = stuckReader()
  const log = createLog(stream)
  for (let index = 0; index < 20_000; index++) log('info', 'x'.repeat(200))
  expect(stream.writableLength).toBeLessThan(1_100_000)
  read()
  await new Promise(setImmediate)
  log('info', 'again')
  await new Promise(setImmediate)
  const [note, last] = lines.slice(-2)
  expect([note?.count, last?.msg]).toEqual([20_000 - (lines.length - 2), 'again'])
})

test('what servers write leaves room for what the bridge says', () => {
  const { stream } = stuckReader()
  const log = createLog(stream)
  for (let index = 0; index < 20_000; index++) log('info', 'x'.repeat(200), { stream: 'stderr' })
  const before = stream.writableLength
  log('info', 'session ended')
  expect(stream.writableLength).toBeGreaterThan(before)
})

test('a reader of the log that has gone is no error', async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
  createLog(stream)('info', 'unread')
  await new Promise(setImmediate)
  expect(stream.destroyed).toBe(true)
})

test('a warning without end is logged the first, second, fourth and eighth time', () => {
  const counts: unknown[] = []
  const warn = createRareLog((_level, _msg, fields) => void counts.push(fields?.count), 'noise')
  for (let index = 0; index < 10; index++) warn()
  expect(counts).toEqual([1, 2, 4, 8])
})
