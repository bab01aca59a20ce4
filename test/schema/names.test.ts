import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resourceName, serverId } from '../../schema/names.ts'

const slug = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'), minLength: 1, maxLength })
const platform = fc.oneof(
  slug(16).map((text) => `p${text.slice(1)}`),
  fc.constant('internal'),
)
const suffix = fc.option(
  fc.oneof(
    slug(10),
    fc.tuple(slug(5), slug(5)).map((parts) => parts.join('-')),
  ),
  { nil: undefined },
)
const maxLength = fc.constantFrom(32, 64, 255)
const parts = fc.record({ platform, serverId: slug(40), maxLength, suffix })

describe('serverId', () => {
  test.each([
    ['Docs-MCP', 'docsmcp'],
    ['docs_mcp', 'docsmcp'],
    [' Ünï 42 ', 'n42'],
    ['!', ''],
  ])('%s is %s', (name, id) => {
    expect(serverId(name)).toBe(id)
  })

  test('of an id is the id', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(serverId(serverId(name))).toBe(serverId(name))
      }),
    )
  })
})

describe('resourceName', () => {
  test('is readable where AWS has room', () => {
    expect(resourceName({ platform: 'sandbox', serverId: 'everything', maxLength: 32, suffix: 'task' })).toBe('sandbox-everything-task')
  })

  test('stays within the limit, begins with a letter, ends without a hyphen, and is never internal-', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const name = resourceName(given)
        expect(name.length).toBeLessThanOrEqual(given.maxLength)
        expect(name).toMatch(/^(?!internal-)[a-z][a-z0-9-]*[a-z0-9]$/)
      }),
    )
  })

  test('differs where platform, id or suffix do', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const key = (given: typeof one) => JSON.stringify([given.platform, given.serverId, given.suffix])
        fc.pre(key(one) !== key(other))
        expect(resourceName(one)).not.toBe(resourceName({ ...other, maxLength: one.maxLength }))
      }),
      { numRuns: 1000 },
    )
  })

  test('of 100,000 long ids that differ in their ends no two are alike', () => {
    const names = Array.from({ length: 100_000 }, (_, i) =>
      resourceName({ platform: 'sandbox', serverId: 'x'.repeat(34) + String(i).padStart(6, '0'), maxLength: 32 }),
    )
    expect(new Set(names).size).toBe(names.length)
  })

  test('a suffix made to look like a cut name meets none', () => {
    const cut = resourceName({ platform: 'p', serverId: 'x'.repeat(40), maxLength: 32 })
    const [head = '', hash = ''] = cut.split('--')
    expect(resourceName({ platform: 'p', serverId: head.slice(2), maxLength: 32, suffix: hash })).not.toBe(cut)
  })

  test.each([
    { platform: 'Bad', serverId: 'a', maxLength: 32 },
    { platform: 'p', serverId: 'a-b', maxLength: 32 },
    { platform: 'p', serverId: '', maxLength: 32 },
    { platform: 'p', serverId: 'a', maxLength: 32, suffix: '-x' },
    { platform: 'p', serverId: 'a', maxLength: 12 },
  ])('refuses %j', (given) => {
    expect(() => resourceName(given)).toThrow(RangeError)
  })
})
