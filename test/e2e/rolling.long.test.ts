import { expect, it } from 'vitest'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { type Accepted, controlPlane } from '../support/control-plane.ts'
import { keepCalling } from '../support/keep-calling.ts'
import { listResources, nothing } from '../support/list-resources.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const server = async () => (await gantry.call<Server>('GET', '/servers/rolling')).body

/** What a mode switch leaves behind is destroyed by a run of its own, which a person has to approve. */
async function approveContract(): Promise<Run> {
  const { items } = (await gantry.call<{ items: Run[] }>('GET', '/runs?serverId=rolling&limit=1')).body
  const waiting = await gantry.waiting(items[0]?.id ?? '')
  await gantry.approve(waiting)
  return (await gantry.follow(waiting.id)).run
}

it('changes environment, command and load balancer under clients that keep calling, without a failed call', async ({ annotate }) => {
  const created = await gantry.create({
    name: 'rolling',
    serverType: 'stdio',
    startCommand: tinyServer(),
    loadBalancer: { mode: 'shared' },
  })
  expect(created.run).toMatchObject({ status: 'SUCCEEDED' })
  const clients = keepCalling(`${sandbox.url}/mcp/rolling/mcp`, sandbox.adminKey, 'environment')
  try {
    for (const change of [{ environment: { COLOUR: 'blue' } }, { startCommand: tinyServer('new') }]) {
      expect((await gantry.patch('rolling', change)).run).toMatchObject({ status: 'SUCCEEDED' })
    }
    for (const mode of ['dedicated', 'shared']) {
      const { body } = await gantry.call<Accepted>('PATCH', '/servers/rolling', { loadBalancer: { mode } })
      // The way back to the shared load balancer takes routes away.
      if (mode === 'shared') await gantry.approve(await gantry.waiting(body.run.id))
      const { run } = await gantry.follow(body.run.id)
      expect(run).toMatchObject({ status: 'SUCCEEDED', phase: 'expand' })
      const contract = { status: 'SUCCEEDED', phase: 'contract', plan: { counts: { create: 0, replace: 0 } } }
      expect(await approveContract()).toMatchObject(contract)
      expect(await server()).toMatchObject({ status: 'IN_SERVICE' })
      const { named } = await listResources(sandbox, 'rolling')
      expect(named.filter((line) => line.startsWith('target group '))).toHaveLength(1)
      expect(named.some((line) => line.startsWith('load balancer '))).toBe(mode === 'dedicated')
      expect(named.some((line) => line.startsWith('rest resource '))).toBe(mode === 'dedicated')
    }
  } finally {
    const { made, failures, sessionsMoved } = await clients.stop()
    await annotate(`${made} calls, ${failures.length} failed, ${sessionsMoved} times a session was gone`)
    expect(failures).toEqual([])
    expect(made).toBeGreaterThan(100)
  }
  expect((await gantry.remove('rolling')).run).toMatchObject({ status: 'SUCCEEDED' })
  expect(await listResources(sandbox, 'rolling')).toEqual(nothing)
}, 900_000)
