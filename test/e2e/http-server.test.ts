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
