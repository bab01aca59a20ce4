import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLineSplitter } from '../../../bridge/stdio/split-lines.ts'

function split(chunks: readonly string[], maxBytes = 1000) {
  const lines: [string, boolean][] = []
  const take = createLineSplitter(maxBytes, (line, cut) => lines.push([line.toString('latin1'), cut]))
  for (const chunk of chunks) take(Buffer.from(chunk, 'latin1'))
  return lines
}

test('however the bytes are cut into chunks, the lines are the same', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n') })), (chunks) => {
      expect(split(chunks).map(([line]) => line)).toEqual(chunks.join('').split('\n').slice(0, -1))
    }),
  )
})

test('a line above the limit comes in pieces that say so', () => {
  expect(split(['aaa', 'bbb', 'c\nd\n'], 5)).toEqual([
    ['aaabbb', true],
    ['c', false],
    ['d', false],
  ])
})
