import { expect, inject, it } from 'vitest'
import type { Server } from '../../schema/server.ts'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { example } from '../support/example.ts'

const sandbox = inject('sandbox')
const gantry = controlPlane(sandbox.url, sandbox.adminKey)

it('brings the printed definition to life, serves it to an official client, and leaves nothing when it is deleted', async () => {
  const { accepted, run, events } = await gantry.create(example('everything-stdio'))
  expect(accepted.server).toMatchObject({ id: 'everything', status: 'CREATING' })
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  expect(events.map((event) => event.n)).toEqual(events.map((_, index) => index + 1))

  const { body: server } = await gantry.call<Server>('GET', '/servers/everything')
  expect(server).toMatchObject({ status: 'IN_SERVICE', endpoint: `${sandbox.url}/mcp/everything/mcp` })
  expect(server.tools?.map((tool) => tool.name)).toContain('echo')

  const client = await mcpClient(server.endpoint as string, sandbox.adminKey)
  const { tools } = await client.listTools()
  expect(tools.map((tool) => tool.name)).toEqual(server.tools?.map((tool) => tool.name))
  expect(await client.callTool({ name: 'echo', arguments: { message: 'hello' } })).toMatchObject({
    content: [{ type: 'text', text: 'Echo: hello' }],
  })
  await client.close()

  const removed = await gantry.remove('everything')
  expect(removed.run).toMatchObject({ type: 'delete', status: 'SUCCEEDED' })
  expect((await gantry.call('GET', '/servers/everything')).status).toBe(404)
})
