import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openCursor, sealCursor } from '../../api/cursor.ts'

describe('cursors', () => {
  test('come back as they went, for their own list only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (position) => {
        const cursor = sealCursor('servers', position)
        expect(cursor).toMatch(/^[\w-]+$/)
        expect(openCursor('servers', cursor)).toBe(position)
        expect(() => openCursor('runs', cursor)).toThrow('cursor')
      }),
    )
  })

  test('are refused with any one character changed', () => {
    const cursor = sealCursor('servers', 'SERVER#docs') ?? ''
    for (let at = 0; at < cursor.length; at++) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1)
      expect(() => openCursor('servers', changed)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }))
    }
  })

  test.each(['', 'x', '=', '%', 'ä'.repeat(50)])('are refused as %j', (cursor) => {
    expect(() => openCursor('servers', cursor)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }))
  })

  test('are absent on the first page and after the last', () => {
    expect([openCursor('servers', undefined), sealCursor('servers', undefined)]).toEqual([undefined, undefined])
  })
})
