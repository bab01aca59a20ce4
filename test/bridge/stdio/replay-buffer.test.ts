import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultLimits } from '../../../bridge/limits.ts'
import { createReplayBuffers } from '../../../bridge/stdio/replay-buffer.ts'

const frame = (bytes: number) => Buffer.alloc(bytes)
const limits = { ...defaultLimits(), replayEvents: 4, replayBytes: 60, replayTotalBytes: 100 }

test('however sessions fill their buffers, what is kept of each is its newest events, and all together stay in their bound', () => {
  const adds = fc.array(fc.record({ session: fc.nat(2), bytes: fc.integer({ min: 1, max: 70 }) }))
  fc.assert(
    fc.property(adds, (list) => {
      const open = createReplayBuffers(limits)
      const sessions = [0, 1, 2].map(() => ({ buffer: open(), sequence: 0 }))
      for (const { session, bytes } of list) {
        const target = sessions[session]
        target?.buffer.add({ stream: 0, sequence: ++target.sequence, frame: frame(bytes) })
      }
      const kept = sessions.map(({ buffer }) => buffer.after(0, 0))
      for (const [index, events] of kept.entries()) {
        const last = sessions[index]?.sequence ?? 0
        expect(events.map((event) => event.sequence)).toEqual(events.map((_, at) => last - events.length + 1 + at))
      }
      expect(kept.flat().reduce((sum, event) => sum + event.frame.length, 0)).toBeLessThanOrEqual(limits.replayTotalBytes)
    }),
  )
})

test('above the bound of all, whoever holds most gives way', () => {
  const open = createReplayBuffers(limits)
  const [small, large] = [open(), open()]
  small.add({ stream: 0, sequence: 1, frame: frame(30) })
  for (const sequence of [1, 2, 3]) large.add({ stream: 0, sequence, frame: frame(20) })
  small.add({ stream: 0, sequence: 2, frame: frame(20) })
  expect([small.after(0, 0).length, large.after(0, 0).length]).toEqual([2, 2])
})

test('a session that has ended leaves its room to others', () => {
  const open = createReplayBuffers(limits)
  const [gone, ...others] = [open(), open(), open()]
  gone?.add({ stream: 0, sequence: 1, frame: frame(50) })
  gone?.clear()
  for (const other of others) other.add({ stream: 0, sequence: 1, frame: frame(50) })
  expect(others.map((other) => other.after(0, 0).length)).toEqual([1, 1])
})
