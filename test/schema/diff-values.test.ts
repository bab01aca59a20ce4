import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffValues } from '../../schema/diff-values.ts'

describe('diffValues', () => {
  test('names what was added, removed and changed by its JSON pointer', () => {
    const before = { cpu: 256, environment: { A: '1', 'a/b~': '2' }, groups: ['a'] }
    const after = { cpu: 512, environment: { A: '1' }, groups: ['a', 'b'], port: 80 }
    expect(diffValues(before, after)).toEqual([
      { path: '/cpu', kind: 'changed', before: 256, after: 512 },
      { path: '/environment/a~1b~0', kind: 'removed', before: '2' },
      { path: '/groups', kind: 'changed', before: ['a'], after: ['a', 'b'] },
      { path: '/port', kind: 'added', after: 80 },
    ])
  })

  test('is empty for equal values only, and its other way round says the opposite', () => {
    const value = fc.jsonValue()
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [there, back] = [diffValues(a, b), diffValues(b, a)]
        expect(diffValues(a, a)).toEqual([])
        expect(there.map(({ path }) => path).sort()).toEqual(back.map(({ path }) => path).sort())
        const opposite = { added: 'removed', removed: 'added', changed: 'changed' } as const
        for (const { path, kind } of there) expect(back.find((other) => other.path === path)?.kind).toBe(opposite[kind])
      }),
    )
  })
})
