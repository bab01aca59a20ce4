import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergePatch } from '../../api/merge-patch.ts'
import { isJsonObject } from '../../schema/json-object.ts'

const awkward = ['__proto__', 'constructor', 'prototype', 'toString', '', 'a/b', '~']
const name = fc.oneof(fc.constantFrom('a', 'b', 'c', ...awkward), fc.string())
const { json } = fc.letrec<{ json: unknown; object: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, 0, 'x'),
    fc.array(tie('json'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(name, tie('json')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}))

/** RFC 7396, section 2, word by word. */
function asInTheRfc(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch
  let result: [string, unknown][] = isJsonObject(target) ? Object.entries(target) : []
  for (const [key, value] of Object.entries(patch)) {
    const present = result.find(([existing]) => existing === key)
    if (value === null) result = result.filter(([existing]) => existing !== key)
    else if (present) present[1] = asInTheRfc(present[1], value)
    else result.push([key, asInTheRfc(undefined, value)])
  }
  return Object.fromEntries(result)
}

const hasNull = (value: unknown): boolean => value === null || (isJsonObject(value) && Object.values(value).some(hasNull))

describe('mergePatch', () => {
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('makes what RFC 7396 shows of %j and %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result)
  })

  test('is what the RFC says in words, for any two values', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        expect(JSON.stringify(mergePatch(target, patch))).toBe(JSON.stringify(asInTheRfc(target, patch)))
      }),
    )
  })

  test('a patch made twice is a patch made once', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const once = mergePatch(target, patch)
        expect(mergePatch(once, patch)).toEqual(once)
      }),
    )
  })

  test('leaves what it was given as it was, and other objects untouched', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const before = JSON.stringify([target, patch])
        mergePatch(target, patch)
        expect(JSON.stringify([target, patch])).toBe(before)
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
    )
  })

  test('a patch without null over nothing is the patch, awkward names and all', () => {
    fc.assert(
      fc.property(json, (patch) => {
        fc.pre(!hasNull(patch))
        expect(JSON.stringify(mergePatch({}, patch))).toBe(JSON.stringify(patch))
      }),
    )
    const parsed = JSON.parse('{"constructor":"x","__proto__":{"y":1},"z":2}')
    expect(Object.keys(mergePatch({}, parsed) as object)).toEqual(['constructor', '__proto__', 'z'])
  })
})
