import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { expect, it } from 'vitest'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { example } from '../support/example.ts'
import { sandbox } from '../support/shared-sandbox.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const echoed = { content: [{ type: 'text', text: 'Echo: hello' }] }

it('serves an sse server to clients of both transports', async () => {
  const { run } = await gantry.create(example('everything-sse'))
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  const today = await mcpClient(`${sandbox.url}/mcp/everythingsse/mcp`, sandbox.adminKey)
  expect(await today.callTool({ name: 'echo', arguments: { message: 'hello' } })).toMatchObject(echoed)
  await today.close()

  const older = new Client({ name: 'gantry-test', version: '1.0.0' })
  const headers = { authorization: `Bearer ${sandbox.adminKey}` }
  await older.connect(new SSEClientTransport(new URL(`${sandbox.url}/mcp/everythingsse/sse`), { requestInit: { headers } }))
  expect(await older.callTool({ name: 'echo', arguments: { message: 'hello' } })).toMatchObject(echoed)
  await older.close()
})
