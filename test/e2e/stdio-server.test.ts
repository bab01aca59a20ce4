import { expect, it } from 'vitest'
import type { Server } from '../../schema/server.ts'
import { type Accepted, controlPlane, mcpClient } from '../support/control-plane.ts'
import { listResources, nothing } from '../support/list-resources.ts'
import { runPrintedCommand } from '../support/printed-command.ts'
import { stillAlive } from '../support/resources/list-processes.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const echo = { name: 'echo', arguments: { message: 'hello' } }

it('brings the printed definition to life, serves it to an official client, and leaves nothing when it is deleted', async () => {
  expect(await listResources(sandbox, 'everything')).toEqual(nothing)

  const { status, body } = runPrintedCommand(sandbox.printed)
  expect(status, 'of the printed curl, as pasted').toBe(202)
  const accepted = body as Accepted
  expect(accepted.server).toMatchObject({ id: 'everything', status: 'CREATING' })
  const { run, events } = await gantry.follow(accepted.run.id)
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  expect(events.map((event) => event.n)).toEqual(events.map((_, index) => index + 1))

  const { body: server } = await gantry.call<Server>('GET', '/servers/everything')
  expect(server).toMatchObject({ status: 'IN_SERVICE', endpoint: `${sandbox.url}/mcp/everything/mcp` })
  expect(server.tools?.map((tool) => tool.name)).toContain('echo')

  const client = await mcpClient(server.endpoint as string, sandbox.adminKey)
  const { tools } = await client.listTools()
  expect(tools.map((tool) => tool.name)).toEqual(server.tools?.map((tool) => tool.name))
  expect(await client.callTool(echo)).toMatchObject({ content: [{ type: 'text', text: 'Echo: hello' }] })

  const live = await listResources(sandbox, 'everything')
  expect(live.named).toContainEqual(expect.stringMatching(/^ecs service .*\/sandbox-everything ACTIVE$/))
  expect(live.tagged.length).toBeGreaterThan(3)
  expect(live.stored).toContainEqual(expect.stringMatching(/^servers\/everything\/.*\.tfstate$/))
  expect(live.processes.map(({ command }) => command)).toContainEqual(expect.stringContaining('server-everything'))

  const removed = await gantry.remove('everything')
  expect(removed.run).toMatchObject({ type: 'delete', status: 'SUCCEEDED' })
  await client.close()
  expect(await listResources(sandbox, 'everything')).toEqual(nothing)
  expect(stillAlive(live.processes)).toEqual([])
  expect((await gantry.call('GET', '/servers/everything')).status).toBe(404)
  expect((await gantry.call('POST', '/mcp/everything/mcp', {})).status, 'the authorizer knows no such server').toBe(403)

  const again = await gantry.create({ name: 'Everything', serverType: 'stdio', startCommand: tinyServer() })
  expect(again.run).toMatchObject({ status: 'SUCCEEDED' })
  const { body: second } = await gantry.call<Server>('GET', '/servers/everything')
  expect(
    second.tools?.map((tool) => tool.name),
    'of the second definition',
  ).toEqual(['environment', 'arguments'])
})
