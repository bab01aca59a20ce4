import { Client as StatelessClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, onTestFinished, test } from 'vitest'
import { signIdentity } from '../bridge/support/identity.ts'
import { connectClient, startBridge } from '../bridge/support/start-bridge.ts'
import { installSuite } from './support/install-suite.ts'

/** What a tool of the reference server needs to be called with. */
const needed: Record<string, Record<string, unknown>> = {
  echo: { message: 'hello' },
  'get-annotated-message': { messageType: 'success', includeImage: true },
  'get-structured-content': { location: 'Chicago' },
  'get-sum': { a: 1, b: 2 },
  'gzip-file-as-resource': { data: 'data:text/plain,hello', outputType: 'resource' },
  'trigger-long-running-operation': { duration: 0.2, steps: 4 },
  'trigger-url-elicitation': { url: 'https://example.com/' },
  'trigger-sampling-request': { prompt: 'hello' },
  'simulate-research-query': { topic: 'bridges' },
}
const toolsThatAsk = ['get-roots-list', 'trigger-elicitation-request', 'trigger-sampling-request', 'trigger-url-elicitation']
const taskTool = 'simulate-research-query'

const startEverything = () => startBridge({ GANTRY_COMMAND: JSON.stringify([process.execPath, installSuite().everything, 'stdio']) })

/** A client that has all that a server can ask for. */
function capableClient(): Client {
  const capabilities = { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} }
  const client = new Client({ name: 'test', version: '1' }, { capabilities })
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///here' }] }))
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } }))
  client.setRequestHandler(CreateMessageRequestSchema, () => ({ role: 'assistant', model: 'none', content: { type: 'text', text: 'hi' } }))
  return client
}

test('every tool of the reference server works for the official client', async () => {
  const { client } = await connectClient((await startEverything()).url, { client: capableClient() })
  const names = async () => (await client.listTools()).tools.map((tool) => tool.name)
  // Those that ask the client appear once the server has heard what it can.
  await expect.poll(names).toEqual(expect.arrayContaining([...Object.keys(needed), ...toolsThatAsk]))
  for (const name of await names()) {
    if (name === taskTool) continue
    expect(await client.callTool({ name, arguments: needed[name] ?? {} }), name).not.toHaveProperty('isError', true)
  }
  const messages = client.experimental.tasks.callToolStream({ name: taskTool, arguments: needed[taskTool] }, undefined, { task: {} })
  const kinds: string[] = []
  for await (const { type } of messages) kinds.push(type)
  expect(kinds.at(-1)).toBe('result')
})

test('every tool that asks nothing works for the official client of the stateless revision', async () => {
  const client = new StatelessClient({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  const headers = { 'x-gantry-identity': signIdentity() }
  await client.connect(new StreamableHTTPClientTransport(new URL((await startEverything()).url), { requestInit: { headers } }))
  onTestFinished(() => client.close())
  const { tools } = await client.listTools()
  expect(tools.length).toBeGreaterThan(10)
  for (const { name } of tools.filter((tool) => tool.name !== taskTool)) {
    expect(await client.callTool({ name, arguments: needed[name] ?? {} }), name).not.toHaveProperty('isError', true)
  }
})
