import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeHeaderValue } from '../../../bridge/stateless/header-value.ts'

test('every text comes back from its Base64, and plain text is what it says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeHeaderValue(`=?base64?${Buffer.from(text).toString('base64')}?=`)).toBe(text)
    }),
  )
  expect(decodeHeaderValue('=?base64?ZWNobw==')).toBe('=?base64?ZWNobw==')
})

test.each(['ZWNobw', 'ZWNobw=', 'ZW!obw==', 'ZWNobx==', '/w=='])('%s is no Base64 of a text', (text) => {
  expect(decodeHeaderValue(`=?base64?${text}?=`)).toBe(undefined)
})
