import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinParts, parseMember, rewriteObject } from '../../../bridge/stateless/json-object.ts'

const spaced = (value: unknown, space: string) => Buffer.from(JSON.stringify(value, undefined, space))
const object = fc.dictionary(fc.string(), fc.jsonValue()).map((value): Record<string, unknown> => JSON.parse(JSON.stringify(value)))

test('an object with members put in and left out is the same object but for them', () => {
  fc.assert(
    fc.property(object, fc.string(), fc.string(), fc.constantFrom('', ' ', '\t'), (value, put, drop, space) => {
      const { [put]: _, [drop]: __, ...rest } = value
      const written = joinParts(rewriteObject(spaced(value, space), { [put]: ['"new"'] }, [drop])).toString()
      expect(JSON.parse(written)).toEqual(Object.fromEntries([...Object.entries(rest), [put, 'new']]))
    }),
  )
})

test('a member is found under every spelling of its name, and of two the last one counts', () => {
  expect(parseMember(Buffer.from('{"\\u0069d":1}'), 'id')).toBe(1)
  expect(parseMember(Buffer.from('{"id":1,"id":2}'), 'id')).toBe(2)
})

test('what is no JSON does no harm', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      joinParts(rewriteObject(Buffer.from(`{"${text}`), { a: ['1'] }))
    }),
  )
})
