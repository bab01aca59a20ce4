import { expect, test } from 'vitest'
import { pairwise } from './pairwise.ts'

test('every possible pair occurs, no impossible row does, and there are fewer rows than combinations', () => {
  const factors = { a: ['1', '2', '3'], b: ['x', 'y', 'z'], c: ['p', 'q'], d: ['m', 'n'] }
  const rows = pairwise(factors, ({ a, b }) => a !== '1' || b !== 'z')
  const has = (some: object) =>
    rows.some((row) => Object.entries(some).every(([name, value]) => (row as Record<string, string>)[name] === value))
  for (const a of factors.a) for (const b of factors.b) expect(has({ a, b })).toBe(a !== '1' || b !== 'z')
  for (const c of factors.c) for (const d of factors.d) expect(has({ c, d })).toBe(true)
  expect(rows.length).toBeLessThan(14)
})
