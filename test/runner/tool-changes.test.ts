import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareTools } from '../../runner/tool-changes.ts'
import type { Tool } from '../../schema/server.ts'
import { fitTools } from '../../store/fit-tools.ts'

const tool = (name: string, more: object = {}): Tool => ({ name, ...more })

test('tells what came, went and changed, by name', () => {
  const before = [tool('kept'), tool('gone'), tool('other', { inputSchema: { type: 'object', required: ['a'] } })]
  const after = [tool('new'), tool('kept'), tool('other', { inputSchema: { type: 'object', required: ['b'] } })]
  expect(compareTools(before, after)).toEqual({
    message: 'Its tools have changed: added new; removed gone; changed other',
    added: ['new'],
    removed: ['gone'],
    changed: ['other'],
  })
})

test('an order of keys or tools is no change', () => {
  const before = [tool('a', { description: 'x', inputSchema: {} }), tool('b')]
  const after = [tool('b'), { inputSchema: {}, description: 'x', name: 'a' }]
  expect(compareTools(before, after)).toEqual({ message: 'Its 2 tools are as they were', added: [], removed: [], changed: [] })
})

test('a list that was stored cut is no change', () => {
  const long = Array.from({ length: 500 }, (_, index) =>
    tool(`t${index}`, { description: 'd'.repeat(900), inputSchema: { type: 'object' } }),
  )
  expect(compareTools(fitTools(long), long)).toMatchObject({ added: [], removed: [], changed: [] })
})

test('what is added one way is removed the other, for any two lists', () => {
  const list = fc.uniqueArray(fc.record({ name: fc.string(), description: fc.constantFrom('', 'x') }), { selector: ({ name }) => name })
  fc.assert(
    fc.property(list, list, (one, other) => {
      const [there, back] = [compareTools(one, other), compareTools(other, one)]
      expect(there.added).toEqual(back.removed)
      expect(new Set(there.changed)).toEqual(new Set(back.changed))
    }),
  )
})
