import { expect, test } from 'vitest'
import { listen, post, readAnswer } from '../support/raw.ts'
import { startBridge } from '../support/start-bridge.ts'
import { ask, meta, mirrored } from '../support/stateless.ts'

const version = 'io.modelcontextprotocol/protocolVersion'
const start = () => startBridge({}, { probeSeconds: 0.1 })
const list = (params: object = { _meta: meta }) => ({ jsonrpc: '2.0', id: 1, method: 'tools/list', params })
const call = { ...list({ _meta: meta, name: 'echo', arguments: { value: 1 } }), method: 'tools/call' }
const headers = mirrored('tools/list')

test.each<[string, number, number, unknown, Record<string, string>]>([
  ['no _meta', 400, -32602, list({}), headers],
  ['no version in _meta', 400, -32602, list({ _meta: { ...meta, [version]: undefined } }), headers],
  ['no capabilities', 400, -32602, list({ _meta: { [version]: meta[version] } }), headers],
  ['a log level that is none', 400, -32602, list({ _meta: { ...meta, 'io.modelcontextprotocol/logLevel': 'loud' } }), headers],
  ['a progress token that is none', 400, -32602, list({ _meta: { ...meta, progressToken: null } }), headers],
  ['another version in the header', 400, -32020, list(), { ...headers, 'mcp-protocol-version': '2025-11-25' }],
  ['no version in the header', 400, -32020, list(), { 'mcp-method': 'tools/list' }],
  ['another method in the header', 400, -32020, list(), { ...headers, 'mcp-method': 'TOOLS/LIST' }],
  ['another name in the header', 400, -32020, call, mirrored('tools/call', 'ech')],
  ['no name in the header', 400, -32020, call, mirrored('tools/call')],
  ['a name in bad Base64', 400, -32020, call, mirrored('tools/call', '=?base64?ZWNobw?=')],
  [
    'a version nobody knows',
    400,
    -32022,
    list({ _meta: { ...meta, [version]: '2099-01-01' } }),
    { ...headers, 'mcp-protocol-version': '2099-01-01' },
  ],
  ['a batch', 400, -32600, [list()], headers],
  ['a response', 400, -32600, { jsonrpc: '2.0', id: 1, result: {} }, headers],
])('%s is refused with the error of the spec', async (_, status, code, body, sent) => {
  const { url } = await start()
  const response = await post(url, body, sent)
  expect([response.status, (await readAnswer(response)).error?.code]).toEqual([status, code])
})

test('a version nobody knows is told which ones are', async () => {
  const { url } = await start()
  const response = await ask(url, 'server/discover', {}, { _meta: { [version]: 'v9' }, headers: { 'mcp-protocol-version': 'v9' } })
  expect((await readAnswer(response)).error).toMatchObject({ data: { supported: ['2026-07-28'], requested: 'v9' } })
})

test('a name in Base64 is the name', async () => {
  const { url } = await start()
  const encoded = `=?base64?${Buffer.from('echo').toString('base64')}?=`
  expect((await post(url, call, mirrored('tools/call', encoded))).status).toBe(200)
})

test('a session id is no matter, and GET and DELETE are no methods', async () => {
  const { url } = await start()
  expect((await ask(url, 'tools/list', {}, { headers: { 'mcp-session-id': 'x', 'last-event-id': '1-1' } })).status).toBe(200)
  expect((await listen(url, headers)).status).toBe(405)
  expect((await listen(url, headers, { method: 'DELETE' })).status).toBe(405)
})

test('a notification is taken and nothing is said', async () => {
  const { url } = await start()
  const response = await post(url, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }, headers)
  expect([response.status, await response.text()]).toEqual([202, ''])
})
