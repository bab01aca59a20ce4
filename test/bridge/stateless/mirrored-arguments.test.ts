import { expect, test } from 'vitest'
import { checkArguments, mirroredArguments } from '../../../bridge/stateless/mirrored-arguments.ts'

const marked = (header: string, type = 'string') => ({ type, 'x-mcp-header': header })
const schema = (properties: object) => ({ type: 'object', properties })

test('arguments are found below properties only, by a name that is a header, and of a type that fits', () => {
  const inner = schema({ deep: marked('Deep', 'boolean') })
  const found = mirroredArguments(
    schema({
      region: marked('Region'),
      inner,
      list: { type: 'array', items: schema({ no: marked('No') }) },
      bad: marked('not a header'),
      price: marked('Price', 'number'),
    }),
  )
  expect(found).toEqual([
    { header: 'mcp-param-region', path: ['region'], isInteger: false },
    { header: 'mcp-param-deep', path: ['inner', 'deep'], isInteger: false },
  ])
})

test.each([
  ['42', true],
  ['42.0', true],
  ['0x2a', false],
  ['=?base64?NDI=?=', true],
  ['=?base64?NDI?=', false],
])('an integer of 42 is said by %s: %s', (header, isSaid) => {
  const [count] = mirroredArguments(schema({ count: marked('Count', 'integer') }))
  expect(checkArguments(count ? [count] : [], { count: 42 }, { 'mcp-param-count': header }) === undefined).toBe(isSaid)
})

test.each([{}, { region: null }])('an argument that is not there needs no header: %j', (values) => {
  expect(checkArguments(mirroredArguments(schema({ region: marked('Region') })), values, {})).toBe(undefined)
})
