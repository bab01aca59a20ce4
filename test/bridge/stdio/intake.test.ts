import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createLargePayloads } from '../../../bridge/large-payloads.ts'
import { defaultLimits } from '../../../bridge/limits.ts'
import { createIntake } from '../../../bridge/stdio/intake.ts'
import { createLineSplitter } from '../../../bridge/stdio/split-lines.ts'

const turn = () => new Promise(setImmediate)

function start(payloads = createLargePayloads({ ...defaultLimits(), largeBytes: 10, inFlightBytes: 100, patienceSeconds: 0.05 })) {
  const stream = new PassThrough()
  const lines: string[] = []
  const shed: string[] = []
  const split = createLineSplitter(100, (line) => lines.push(line.toString()))
  const intake = createIntake({ stream, split, maxMessageBytes: 100, payloads, onShed: () => shed.push('shed') && stream.destroy() })
  return { stream, lines, shed, payloads, intake }
}

test('a large message waits in the middle until another one has come to its end', async () => {
  const first = start()
  const second = start(first.payloads)
  for (const { stream } of [first, second]) stream.write('x'.repeat(20))
  await turn()
  second.stream.write('y\nz\n')
  await turn()
  expect(second.lines).toEqual([])
  first.stream.write('y\n')
  await turn()
  await turn()
  expect([first.lines, second.lines]).toEqual([[`${'x'.repeat(20)}y`], [`${'x'.repeat(20)}y`, 'z']])
})

test('a message that stops in the middle loses its room to one that waits', async () => {
  const stuck = start()
  const next = start(stuck.payloads)
  stuck.stream.write('x'.repeat(20))
  await turn()
  next.stream.write('y'.repeat(20))
  await turn()
  next.stream.write('\n')
  await expect.poll(() => next.lines).toEqual(['y'.repeat(20)])
  expect(stuck.shed).toEqual(['shed'])
})

test('who holds it back twice has to let it go twice', async () => {
  const { stream, lines, intake } = start()
  intake.pause()
  intake.pause()
  intake.resume()
  stream.write('held\n')
  await turn()
  expect(lines).toEqual([])
  intake.resume()
  await turn()
  expect(lines).toEqual(['held'])
})
