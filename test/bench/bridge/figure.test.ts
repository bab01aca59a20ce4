import { expect, test } from 'vitest'
import { createFigure, type Report, reportLines } from './figure.ts'

function lineOf(
  values: Record<string, readonly number[]>,
  bounds: Parameters<typeof createFigure>[2],
  comparedBy: Report['comparedBy'] = 'ratio',
) {
  const figure = createFigure('calls/s', 0, bounds)
  for (const [front, rounds] of Object.entries(values)) for (const value of rounds) figure.add(front, value)
  const [, line] = reportLines({ title: 'calls', columns: ['ours', 'theirs'], reference: 'theirs', comparedBy, figures: [figure] })
  return line
}

test('a line has the medians, how they compare, and how far the rounds were apart', () => {
  expect(lineOf({ ours: [300, 100, 200], theirs: [100, 100, 100] }, {})).toEqual(['calls/s', '200', '100', '2.00 x', '100 0', '', ''])
})

test('bar and aim are held against the comparison or the value, whichever they are of', () => {
  const bounds = { bar: { of: 'comparison', least: 2 }, aim: { of: 'value', most: 150 } } as const
  expect(lineOf({ ours: [200], theirs: [100] }, bounds)?.slice(5)).toEqual(['≥ 2 x met', '≤ 150 MISSED'])
})

test('what was not measured misses its bar', () => {
  expect(lineOf({ theirs: [100] }, { bar: { of: 'value', most: 1 } })?.slice(1)).toEqual(['-', '100', '-', '- -', '≤ 1 MISSED', ''])
})

test('a difference is told as one', () => {
  expect(lineOf({ ours: [3], theirs: [1] }, { bar: { of: 'comparison', most: 1 } }, 'difference')?.slice(3)).toEqual([
    '2.00',
    '- -',
    '≤ 1 MISSED',
    '',
  ])
})
