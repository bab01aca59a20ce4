import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLargePayloads, type Room } from '../../bridge/large-payloads.ts'
import { defaultLimits } from '../../bridge/limits.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const bounded = () => createLargePayloads({ ...defaultLimits(), inFlightBytes: 100, patienceSeconds: 5 })

/** Enters payloads of these sizes in turn and notes who got in. */
function enterAll(payloads: ReturnType<typeof bounded>, sizes: readonly number[]) {
  const inside: { index: number; room: Room }[] = []
  for (const [index, bytes] of sizes.entries()) {
    const entered = payloads.enter(bytes)
    if (entered instanceof Promise) void entered.then((room) => inside.push({ index, room }))
    else inside.push({ index, room: entered })
  }
  return inside
}

const indexes = (inside: readonly { index: number }[]) => inside.map(({ index }) => index)

test('payloads come in turn, no more at once than the bound, and one that is larger alone', async () => {
  const inside = enterAll(bounded(), [60, 60, 30, 500, 10])
  expect(indexes(inside)).toEqual([0])
  const states: number[][] = []
  for (let turn = 0; turn < 4; turn++) {
    inside[turn]?.room.leave()
    await vi.advanceTimersByTimeAsync(0)
    states.push(indexes(inside))
  }
  expect(states).toEqual([
    [0, 1, 2],
    [0, 1, 2],
    [0, 1, 2, 3],
    [0, 1, 2, 3, 4],
  ])
})

test('whoever holds most for longer than the patience of those who wait is asked to give it up', async () => {
  const payloads = bounded()
  const asked: string[] = []
  payloads.hold(30, () => asked.push('small'))
  const large = payloads.hold(80, () => {
    asked.push('large')
    large.leave()
  })
  const inside = enterAll(payloads, [50])
  await vi.advanceTimersByTimeAsync(4_900)
  expect(asked).toEqual([])
  await vi.advanceTimersByTimeAsync(20_000)
  expect([asked, indexes(inside)]).toEqual([['large'], [0]])
})

test('nobody is asked for anything while nobody waits', async () => {
  const asked: string[] = []
  bounded().hold(500, () => asked.push('held'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toEqual([])
})

test('leaving twice frees nothing twice', async () => {
  const payloads = bounded()
  const [first] = enterAll(payloads, [60])
  first?.room.leave()
  first?.room.leave()
  expect(indexes(enterAll(payloads, [60, 60]))).toEqual([0])
})
