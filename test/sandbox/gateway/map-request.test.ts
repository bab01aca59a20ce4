import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MappingError, mapRequest } from '../../../sandbox/gateway/map-request.ts'
import { aCall } from './a-call.ts'

const path = { 'method.request.path.id': true, 'method.request.path.proxy': true }
const mappings = {
  'integration.request.path.id': 'method.request.path.id',
  'integration.request.path.proxy': 'method.request.path.proxy',
}
const uri = 'http://internal-alb.test/mcp/{id}/{proxy}'
const map = (call = aCall(), more: object = {}, declared: Record<string, boolean> = path) =>
  mapRequest({ requestParameters: declared }, { uri, requestParameters: mappings, ...more }, call)

test('path parameters fill the URI, and the query goes along', () => {
  expect(map(aCall({ query: 'a=1&a=2&b' }))).toMatchObject({
    protocol: 'http',
    host: 'internal-alb.test',
    port: 80,
    path: '/mcp/everything/mcp?a=1&a=2&b',
  })
})

test('no path parameter can leave its place in the URI', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (proxy) => {
      const mapped = map(aCall({ pathParameters: { id: 'everything', proxy } }))
      expect([
        mapped.host,
        mapped.port,
        mapped.path.startsWith('/mcp/everything/'),
        mapped.path.includes('?'),
        /[\s#]/.test(mapped.path),
      ]).toEqual(['internal-alb.test', 80, true, false, false])
    }),
  )
})

test('dot segments go on as they came, for the load balancer to match', () => {
  expect(map(aCall({ pathParameters: { id: 'everything', proxy: '../other/mcp' } })).path).toBe('/mcp/everything/../other/mcp')
})

test('a mapped header replaces the one of the same case only', () => {
  const requestParameters = { ...mappings, 'integration.request.header.X-Id': 'context.authorizer.identity' }
  const call = aCall({
    headers: [
      ['X-Id', 'a'],
      ['x-id', 'b'],
      ['Other', 'c'],
    ],
    authorizer: { identity: 'signed' },
  })
  expect(map(call, { requestParameters }).headers).toEqual([
    ['x-id', 'b'],
    ['Other', 'c'],
    ['X-Id', 'signed'],
  ])
})

test('Authorization is replaced in whatever case it came', () => {
  const requestParameters = { ...mappings, 'integration.request.header.Authorization': "'none'" }
  expect(map(aCall({ headers: [['authorization', 'Bearer x']] }), { requestParameters }).headers).toEqual([['Authorization', 'none']])
})

test('a mapping without a value leaves what the client sent', () => {
  const requestParameters = { ...mappings, 'integration.request.header.X-Id': 'context.authorizer.identity' }
  expect(map(aCall({ headers: [['X-Id', 'a']] }), { requestParameters }).headers).toEqual([['X-Id', 'a']])
})

test.each([
  ['a parameter that the method does not declare', {}, { 'method.request.path.id': true }],
  ['a URI with a name that nothing fills', { requestParameters: { 'integration.request.path.id': 'method.request.path.id' } }, path],
  ['a target that is none', { requestParameters: { ...mappings, 'integration.request.body': "'x'" } }, path],
  ['a URI that is none', { uri: 'somewhere' }, path],
])('%s is a configuration error', (_, more, declared) => {
  expect(() => map(aCall(), more, declared)).toThrow(MappingError)
})

test('stage variables fill the URI', () => {
  const call = aCall({ stageVariables: { host: 'blue.test' } })
  expect(map(call, { uri: 'http://${stageVariables.host}:8080/x' })).toMatchObject({ host: 'blue.test', port: 8080, path: '/x' })
})

test('hop-by-hop headers and the client’s own framing stay behind', () => {
  const headers = ['Connection', 'TE', 'Upgrade', 'Content-Length', 'Host', 'Transfer-Encoding'].map((name) => [name, 'x'] as const)
  expect(map(aCall({ headers })).headers).toEqual([])
})
