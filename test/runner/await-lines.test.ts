import { expect, test } from 'vitest'
import type { LogLine } from '../../aws/logs.ts'
import { awaitLines } from '../../runner/await-lines.ts'

const line = (at: number): LogLine => ({ at, message: `line ${at}` })

/** A log as it grows: each answer once, the last one for good. */
function log(...answers: number[][]) {
  const left = [...answers]
  return async () => ((left.length > 1 ? left.shift() : left[0]) ?? []).map(line)
}

const wait = (read: () => Promise<LogLine[]>, since?: number, timeoutMilliseconds = 1000) =>
  awaitLines(read, {
    since: since === undefined ? undefined : new Date(since),
    signal: new AbortController().signal,
    timeoutMilliseconds,
    quietMilliseconds: 30,
    pollMilliseconds: 5,
  })

test('waits for the first line, and for those that follow it', async () => {
  expect(await wait(log([], [], [1], [1, 2], [1, 2, 3]))).toEqual([line(1), line(2), line(3)])
})

test('a line from before is not what it waits for', async () => {
  expect(await wait(log([1], [1], [1], [1], [1, 7]), 7)).toEqual([line(1), line(7)])
})

test('ends with what there is when nothing comes', async () => {
  expect(await wait(log([1]), 7, 60)).toEqual([line(1)])
  expect(await wait(log([]), undefined, 60)).toEqual([])
})

test('stops when the run is stopped', async () => {
  await expect(awaitLines(log([]), { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow()
})
