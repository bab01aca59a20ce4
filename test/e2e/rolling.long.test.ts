import { expect, inject, it } from 'vitest'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { controlPlane } from '../support/control-plane.ts'
import { keepCalling } from '../support/keep-calling.ts'
import { resourcesLeft } from '../support/resources-left.ts'
import { tinyServer } from '../support/tiny-server.ts'

const sandbox = inject('sandbox')
const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const server = async () => (await gantry.call<Server>('GET', '/servers/rolling')).body

/** Follows the newest run of the server until there is no newer one. */
async function settled(): Promise<Run> {
  for (;;) {
    const { items } = (await gantry.call<{ items: Run[] }>('GET', '/runs?serverId=rolling&limit=1')).body
    const newest = items[0] as Run
    const { run } = await gantry.follow(newest.id)
    const { items: after } = (await gantry.call<{ items: Run[] }>('GET', '/runs?serverId=rolling&limit=1')).body
    if (after[0]?.id === run.id) return run
  }
}

it('changes environment, command and load balancer under clients that keep calling, without a failed call', async () => {
  const created = await gantry.create({
    name: 'rolling',
    serverType: 'stdio',
    startCommand: tinyServer(),
    loadBalancer: { mode: 'shared' },
  })
  expect(created.run).toMatchObject({ status: 'SUCCEEDED' })
  const { uid } = created.accepted.server
  const clients = keepCalling(`${sandbox.url}/mcp/rolling/mcp`, sandbox.adminKey, 'environment')
  try {
    for (const change of [{ environment: { COLOUR: 'blue' } }, { startCommand: tinyServer('new') }]) {
      expect((await gantry.patch('rolling', change)).run).toMatchObject({ status: 'SUCCEEDED' })
    }
    for (const mode of ['dedicated', 'shared']) {
      const { run } = await gantry.patch('rolling', { loadBalancer: { mode } })
      expect(run).toMatchObject({ status: 'SUCCEEDED', phase: 'expand' })
      expect(await settled()).toMatchObject({ status: 'SUCCEEDED', phase: 'contract', plan: { counts: { create: 0, replace: 0 } } })
      expect(await server()).toMatchObject({ status: 'IN_SERVICE' })
      const left = await resourcesLeft(sandbox, { id: 'rolling', uid })
      expect(left.filter((line) => line.startsWith('aws_lb_target_group '))).toHaveLength(1)
      expect(left.some((line) => line.startsWith('aws_lb '))).toBe(mode === 'dedicated')
      expect(left.some((line) => line.startsWith('aws_lb_listener_rule '))).toBe(mode === 'shared')
    }
  } finally {
    const { made, failures } = await clients.stop()
    expect(failures).toEqual([])
    expect(made).toBeGreaterThan(100)
  }
  expect((await gantry.remove('rolling')).run).toMatchObject({ status: 'SUCCEEDED' })
  expect(await resourcesLeft(sandbox, { id: 'rolling', uid })).toEqual([])
}, 900_000)
