import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, onTestFinished, test } from 'vitest'
import { signIdentity } from '../support/identity.ts'
import { readAnswer, readMessages } from '../support/raw.ts'
import { startBridge } from '../support/start-bridge.ts'
import { ask } from '../support/stateless.ts'

const program = (name: string) => fileURLToPath(new URL(`../../conformance/fixtures/${name}.mjs`, import.meta.url))
const startWith = (name: string) => startBridge({ GANTRY_COMMAND: JSON.stringify([process.execPath, program(name)]) })

/** The official client, which finds out by itself what the server speaks. */
async function connect(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} }, versionNegotiation: { mode: 'auto' } })
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }))
  const headers = { 'x-gantry-identity': signIdentity() }
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
  onTestFinished(() => client.close())
  return client
}

test.each(['sdk-1', 'sdk-2'])('the official client of the stateless revision lists and calls the tools of %s', async (name) => {
  const { url } = await startWith(name)
  const client = await connect(url)
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28')
  expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('test_simple_text')
  const { content } = await client.callTool({ name: 'test_simple_text', arguments: {} })
  expect(content).toEqual([{ type: 'text', text: 'This is a simple text response for testing.' }])
})

test.each(['sdk-1', 'sdk-2'])('what %s asks its client comes through the answer', async (name) => {
  const { url } = await startWith(name)
  const { content } = await (await connect(url)).callTool({ name: 'test_input_required_result_elicitation', arguments: {} })
  expect(content).toEqual([{ type: 'text', text: 'Hello, Ada!' }])
})

test.each(['sdk-1', 'sdk-2'])('log messages of %s come to a call that asks for their level, and to no other', async (name) => {
  const { url } = await startWith(name)
  const call = (level?: string) => {
    const _meta = level ? { 'io.modelcontextprotocol/logLevel': level } : {}
    return ask(url, 'tools/call', { name: 'test_tool_with_logging', arguments: {} }, { _meta })
  }
  const asked = await readMessages(await call('info'))
  expect(asked.map((message) => message.method)).toEqual([...Array(3).fill('notifications/message'), undefined])
  for (const level of ['warning', undefined]) expect((await readAnswer(await call(level))).result).toBeDefined()
})

test.each(['sdk-1', 'sdk-2'])('an argument that %s mirrors into a header has to be there as the body says', async (name) => {
  const { url } = await startWith(name)
  const call = (headers: Record<string, string>) =>
    ask(url, 'tools/call', { name: 'test_x_mcp_header', arguments: { region: 'north' } }, { headers })
  expect((await call({ 'mcp-param-region': 'north' })).status).toBe(200)
  expect((await readAnswer(await call({}))).error?.code).toBe(-32020)
  expect((await readAnswer(await call({ 'Mcp-Param-Region': 'south' }))).error?.code).toBe(-32020)
})

test('an error that only the stateless revision has is its own HTTP status', async () => {
  const { url } = await startWith('sdk-2')
  const response = await ask(url, 'tools/call', { name: 'test_missing_capability', arguments: {} })
  expect([response.status, (await readAnswer(response)).error?.code]).toEqual([400, -32021])
})

test.each(['sdk-1', 'sdk-2'])('a resource that %s does not have is an invalid parameter', async (name) => {
  const { url } = await startWith(name)
  expect((await readAnswer(await ask(url, 'resources/read', { uri: 'test://none' }))).error?.code).toBe(-32602)
})
