import { expect, test } from 'vitest'
import { defaultLimits } from '../../../bridge/limits.ts'
import { createStartBackoff } from '../../../bridge/stdio/start-backoff.ts'

const neverBegan = { reason: 'exit code 1', opened: false }
const endedSoon = { reason: 'exit code 2', opened: true }

/** What alice has to wait after each of so many failures. */
function waits(count: number, failure = neverBegan) {
  const backoff = createStartBackoff(defaultLimits())
  const seconds = Array.from({ length: count }, () => {
    backoff.failed('alice', failure, 0)
    return backoff.refusal('alice', 0)?.retryAfterSeconds ?? 0
  })
  return { backoff, seconds }
}

test('from the third failure in a row a caller waits twice as long each time, up to a bound', () => {
  expect(waits(10).seconds).toEqual([0, 0, 1, 2, 4, 8, 16, 30, 30, 30])
})

test('the wait says why, and is over when it is over', () => {
  const { backoff } = waits(4)
  expect(backoff.refusal('alice', 500)).toEqual({ reason: expect.stringContaining('exit code 1'), retryAfterSeconds: 2 })
  expect(backoff.refusal('alice', 2000)).toBe(undefined)
})

test('a caller whose starts fail keeps nobody else waiting', () => {
  expect(waits(9).backoff.refusal('bob', 0)).toBe(undefined)
})

test('one start that works ends every wait at once', () => {
  const { backoff } = waits(9)
  backoff.opened()
  expect(backoff.refusal('alice', 0)).toBe(undefined)
})

test('where servers begin but end soon, only one that lasts ends the wait', () => {
  const { backoff } = waits(9, endedSoon)
  backoff.opened()
  expect(backoff.refusal('alice', 0)).toMatchObject({ retryAfterSeconds: 30 })
  backoff.lasted()
  expect(backoff.refusal('alice', 0)).toBe(undefined)
})
