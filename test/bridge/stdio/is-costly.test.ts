import { expect, test } from 'vitest'
import { isCostly } from '../../../bridge/stdio/is-costly.ts'

const many = (value: string, count: number) => Buffer.from(`[${`${value},`.repeat(count)}1]`)

test.each([
  ['many objects', many('{}', 200_000), true],
  ['many arrays, however deep', Buffer.from('['.repeat(300_000)), true],
  ['many numbers', many('1', 1_100_000), true],
  ['as many numbers as a large table holds', many('1', 900_000), false],
  ['a long text full of brackets, commas and quotes', Buffer.from(JSON.stringify('{[,"'.repeat(1_000_000))), false],
])('%s', (_, text, costly) => {
  expect(isCostly(text)).toBe(costly)
})
