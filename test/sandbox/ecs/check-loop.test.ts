import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type CheckState, startChecks } from '../../../sandbox/ecs/check-loop.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function start(passes: () => boolean, more: { startPeriodMs?: number } = {}) {
  const changes: [number, CheckState][] = []
  const began = Date.now()
  let looks = 0
  const loop = startChecks({
    probe: async () => {
      looks += 1
      return passes()
    },
    intervalMs: 10_000,
    firstIntervalMs: 250,
    failuresToUnhealthy: 2,
    successesToHealthy: 3,
    startPeriodMs: 0,
    onChange: (state) => changes.push([Date.now() - began, state]),
    ...more,
  })
  return { changes, loop, looks: () => looks }
}

test('the first success is seen at once, however long the interval', async () => {
  let up = false
  const { changes } = start(() => up)
  await vi.advanceTimersByTimeAsync(3000)
  up = true
  await vi.advanceTimersByTimeAsync(250)
  expect(changes).toEqual([[3250, 'healthy']])
})

test('quick looks make nothing unhealthy sooner than its interval would', async () => {
  const { changes } = start(() => false)
  await vi.advanceTimersByTimeAsync(19_999)
  expect(changes).toEqual([])
  await vi.advanceTimersByTimeAsync(500)
  expect(changes).toEqual([[20_000, 'unhealthy']])
})

test('failures in the start period do not count', async () => {
  const { changes } = start(() => false, { startPeriodMs: 60_000 })
  await vi.advanceTimersByTimeAsync(69_000)
  expect(changes).toEqual([])
})

test('out of unhealthy it takes the threshold, and a failure between starts anew', async () => {
  const answers = [true, false, false, true, true, false, true, true, true]
  const { changes } = start(() => answers.shift() ?? true)
  await vi.advanceTimersByTimeAsync(100_000)
  expect(changes).toEqual([
    [0, 'healthy'],
    [20_000, 'unhealthy'],
    [80_000, 'healthy'],
  ])
})

test('nothing is looked at once it has been stopped', async () => {
  const { loop, looks } = start(() => true)
  await vi.advanceTimersByTimeAsync(1000)
  const before = looks()
  loop.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(looks()).toBe(before)
})
