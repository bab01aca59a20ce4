import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchResource } from '../../../sandbox/gateway/match-resource.ts'

const resource = (path: string, ...methods: string[]) => ({
  path,
  resourceMethods: Object.fromEntries((methods.length ? methods : ['ANY']).map((httpMethod) => [httpMethod, { httpMethod }])),
})
const api = [
  resource('/{proxy+}'),
  resource('/mcp/{id}/{proxy+}', 'ANY', 'OPTIONS'),
  resource('/mcp/{id}'),
  resource('/mcp/docs', 'GET'),
  resource('/mcp/docs/{proxy+}'),
  { path: '/mcp' },
]

test.each([
  ['GET', '/mcp/x', '/mcp/{id}', { id: 'x' }],
  ['GET', '/mcp/x/', '/mcp/{id}', { id: 'x' }],
  ['POST', '/mcp/x/mcp', '/mcp/{id}/{proxy+}', { id: 'x', proxy: 'mcp' }],
  ['GET', '/mcp/x/a/b%20c', '/mcp/{id}/{proxy+}', { id: 'x', proxy: 'a/b c' }],
  ['GET', '/mcp/docs/mcp', '/mcp/docs/{proxy+}', { proxy: 'mcp' }],
  ['GET', '/mcp', '/{proxy+}', { proxy: 'mcp' }],
  ['GET', '/mcp/a%2Fb', '/mcp/{id}', { id: 'a/b' }],
  ['GET', '/mcp/%zz', '/mcp/{id}', { id: '%zz' }],
  ['GET', '/mcp/__proto__/x', '/mcp/{id}/{proxy+}', { id: '__proto__', proxy: 'x' }],
])('%s %s is answered by %s', (method, path, expected, parameters) => {
  const match = matchResource(api, method, path)
  expect([match?.resource.path, { ...match?.pathParameters }]).toEqual([expected, parameters])
})

test('the exact method comes before ANY', () => {
  expect(matchResource(api, 'OPTIONS', '/mcp/x/mcp')?.method.httpMethod).toBe('OPTIONS')
})

test('the most specific resource answers, or nobody: a method it lacks is not looked for elsewhere', () => {
  expect(matchResource(api, 'POST', '/mcp/docs')).toBeUndefined()
})

test('the root is no proxy', () => {
  expect(matchResource(api, 'GET', '/')).toBeUndefined()
})

test('the order of the records does not matter', () => {
  const paths = fc.array(fc.constantFrom('mcp', 'docs', 'x', 'y'), { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`)
  fc.assert(
    fc.property(fc.shuffledSubarray(api, { minLength: api.length }), paths, (shuffled, path) => {
      expect(matchResource(shuffled, 'GET', path)?.resource.path).toBe(matchResource(api, 'GET', path)?.resource.path)
    }),
  )
})
