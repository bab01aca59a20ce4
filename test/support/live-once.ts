import { expect } from 'vitest'
import type { Server } from '../../schema/server.ts'
import { controlPlane, mcpClient } from './control-plane.ts'
import { listResources, nothing } from './list-resources.ts'
import type { SandboxDescription } from './sandbox-process.ts'
import { tinyServer } from './tiny-server.ts'

/** create → update → stop → start → delete of one server; afterwards AWS has nothing of it. */
export async function liveOnce(sandbox: SandboxDescription, name: string, mode: 'shared' | 'dedicated'): Promise<void> {
  const gantry = controlPlane(sandbox.url, sandbox.adminKey)
  const autoScalingConfig = { minCapacity: 1, maxCapacity: 3 }
  const definition = { name, serverType: 'stdio', startCommand: tinyServer(), loadBalancer: { mode }, autoScalingConfig }
  const server = async () => (await gantry.call<Server>('GET', `/servers/${name}`)).body
  expect((await gantry.create(definition)).run).toMatchObject({ status: 'SUCCEEDED' })

  expect((await gantry.patch(name, { environment: { COLOUR: 'blue' } })).run).toMatchObject({ status: 'SUCCEEDED' })
  expect(await environmentOf(sandbox, name)).toMatchObject({ COLOUR: 'blue' })

  expect((await gantry.patch(name, { enabled: false })).run).toMatchObject({ status: 'SUCCEEDED' })
  expect(await server()).toMatchObject({ status: 'STOPPED' })
  expect((await listResources(sandbox, name)).named.filter((line) => /^scal/.test(line))).toEqual([])

  expect((await gantry.patch(name, { enabled: true })).run).toMatchObject({ status: 'SUCCEEDED' })
  expect(await server()).toMatchObject({ status: 'IN_SERVICE', revision: 4 })
  expect(await environmentOf(sandbox, name)).toMatchObject({ COLOUR: 'blue' })

  expect((await gantry.remove(name)).run).toMatchObject({ type: 'delete', status: 'SUCCEEDED' })
  expect(await listResources(sandbox, name)).toEqual(nothing)
}

async function environmentOf(sandbox: SandboxDescription, name: string): Promise<Record<string, string>> {
  const client = await mcpClient(`${sandbox.url}/mcp/${name}/mcp`, sandbox.adminKey)
  const { content } = await client.callTool({ name: 'environment', arguments: {} })
  await client.close()
  return JSON.parse((content as { text: string }[])[0]?.text ?? '{}')
}
