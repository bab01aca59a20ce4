import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coversPattern } from '../../../runner/plan-review/covers-pattern.ts'

const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 6 }).map((signs) => signs.join(''))
const word = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((signs) => signs.join(''))
const matches = (of: string, text: string): boolean => new RegExp(`^${of.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text)

test('what a covered pattern matches, the covering one matches too', () => {
  fc.assert(
    fc.property(pattern, pattern, word, (wide, narrow, text) => {
      fc.pre(coversPattern(wide, narrow) && matches(narrow, text))
      expect(matches(wide, text)).toBe(true)
    }),
  )
})

test('a pattern covers exactly the plain texts that it matches', () => {
  fc.assert(fc.property(pattern, word, (wide, text) => coversPattern(wide, text) === matches(wide, text)))
})

test('a pattern covers itself', () => {
  fc.assert(fc.property(pattern, (one) => coversPattern(one, one)))
})
