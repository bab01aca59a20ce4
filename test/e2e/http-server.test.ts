import { expect, inject, it } from 'vitest'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { example } from '../support/example.ts'

const sandbox = inject('sandbox')
const gantry = controlPlane(sandbox.url, sandbox.adminKey)

it('serves a server that listens on its own port', async () => {
  const { run } = await gantry.create(example('everything-http'))
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  const client = await mcpClient(`${sandbox.url}/mcp/everythinghttp/mcp`, sandbox.adminKey)
  expect(await client.callTool({ name: 'echo', arguments: { message: 'hello' } })).toMatchObject({
    content: [{ type: 'text', text: 'Echo: hello' }],
  })
  await client.close()
  expect((await gantry.remove('everythinghttp')).run).toMatchObject({ status: 'SUCCEEDED' })
})

it('serves one whose own port is the bridge’s', async () => {
  const { run } = await gantry.create({ ...example('everything-http'), name: 'Port 8080', port: 8080 })
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  const client = await mcpClient(`${sandbox.url}/mcp/port8080/mcp`, sandbox.adminKey)
  expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('echo')
  await client.close()
  expect((await gantry.remove('port8080')).run).toMatchObject({ status: 'SUCCEEDED' })
})
