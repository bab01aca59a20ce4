import { expect, it } from 'vitest'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { example } from '../support/example.ts'
import { listResources, nothing } from '../support/list-resources.ts'
import { stillAlive } from '../support/resources/list-processes.ts'
import { sandbox } from '../support/shared-sandbox.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)

it.concurrent('serves a server that listens on its own port, and leaves nothing when it is deleted', async () => {
  expect(await listResources(sandbox, 'everythinghttp')).toEqual(nothing)
  const { run } = await gantry.create(example('everything-http'))
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  const client = await mcpClient(`${sandbox.url}/mcp/everythinghttp/mcp`, sandbox.adminKey)
  expect(await client.callTool({ name: 'echo', arguments: { message: 'hello' } })).toMatchObject({
    content: [{ type: 'text', text: 'Echo: hello' }],
  })
  const live = await listResources(sandbox, 'everythinghttp')
  expect(live.named.length * live.tagged.length * live.stored.length * live.processes.length).toBeGreaterThan(0)
  expect((await gantry.remove('everythinghttp')).run).toMatchObject({ status: 'SUCCEEDED' })
  await client.close()
  expect(await listResources(sandbox, 'everythinghttp')).toEqual(nothing)
  expect(stillAlive(live.processes)).toEqual([])
})

it.concurrent('serves one whose own port is the bridge’s', async () => {
  const { run } = await gantry.create({ ...example('everything-http'), name: 'Port 8080', port: 8080 })
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  const client = await mcpClient(`${sandbox.url}/mcp/port8080/mcp`, sandbox.adminKey)
  expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('echo')
  await client.close()
})
