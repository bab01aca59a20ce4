import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskCredentials } from '../../../../api/review/git/mask-credentials.ts'
import { oneLine } from '../../../../api/review/git/one-line.ts'

const secret = fc.stringMatching(/^[A-Za-z0-9:@%._~!$&*+,;=-]{4,20}$/)

describe('maskCredentials', () => {
  test('leaves nothing of the user part of a URL', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom('', '\n', "'", ' and more'), (login, end) => {
        const words = `fatal: unable to access 'https://${login}@host.example/x.git/'${end}`
        expect(maskCredentials(words)).toBe(`fatal: unable to access 'https://***@host.example/x.git/'${end}`)
      }),
    )
  })

  test('leaves addresses without one as they are', () => {
    expect(maskCredentials('https://host.example/a@b by ann@example.com')).toBe('https://host.example/a@b by ann@example.com')
  })
})

describe('oneLine', () => {
  test('is one line of at most the length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, length) => {
        const line = oneLine(text, length)
        expect(line.length).toBeLessThanOrEqual(length)
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
