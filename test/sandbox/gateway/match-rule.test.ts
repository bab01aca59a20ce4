import { expect, test } from 'vitest'
import { matchRule } from '../../../sandbox/gateway/match-rule.ts'

const byPath = (Priority: string, ...Values: string[]) => ({
  Priority,
  Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values } }],
})
const fallback = { Priority: 'default', IsDefault: true }
const input = (path: string, host = 'alb.test') => ({ httpMethod: 'GET', host, path, header: () => undefined })
const match = (path: string, ...rules: object[]) => matchRule([fallback, ...rules], input(path))?.Priority

test.each([
  ['/mcp/docs', '1'],
  ['/mcp/docs/mcp', '1'],
  ['/mcp/docs2/mcp', '2'],
  ['/mcp/Docs/mcp', 'default'],
  ['/MCP/docs', 'default'],
])('%s goes to rule %s', (path, priority) => {
  expect(match(path, byPath('2', '/mcp/docs2/*'), byPath('1', '/mcp/docs', '/mcp/docs/*'))).toBe(priority)
})

test('priorities are numbers, not texts', () => {
  expect(match('/x', byPath('10', '/x'), byPath('9', '/*'))).toBe('9')
})

test('a question mark is one character, and a dot is a dot', () => {
  expect([match('/a1', byPath('1', '/a?')), match('/a', byPath('1', '/a?')), match('/axb', byPath('1', '/a.b'))]).toEqual([
    '1',
    'default',
    'default',
  ])
})

test('every condition of a rule must hold', () => {
  const rule = {
    Priority: '1',
    Conditions: [...byPath('1', '/x').Conditions, { Field: 'host-header', HostHeaderConfig: { Values: ['*.TEST'] } }],
  }
  expect(matchRule([rule], input('/x'))?.Priority).toBe('1')
  expect(matchRule([rule], input('/x', 'elsewhere'))).toBeUndefined()
})

test('a kind of condition that is not known here never holds', () => {
  expect(match('/x', { Priority: '1', Conditions: [{ Field: 'source-ip', SourceIpConfig: { Values: ['0.0.0.0/0'] } }] })).toBe('default')
})
