import { expect, test } from 'vitest'
import { connectClient, startBridge } from './support/start-bridge.ts'

test('an official client lists and calls the tools of a stdio server', async () => {
  const { url } = await startBridge()
  const { client } = await connectClient(url)
  const { tools } = await client.listTools()
  expect(tools.map((tool) => tool.name)).toContain('echo')
  const result = await client.callTool({ name: 'echo', arguments: { value: 'hello' } })
  expect(result.content).toEqual([{ type: 'text', text: 'hello' }])
})
