import { beforeEach, describe, expect, inject, test } from 'vitest'
import { createReconciler } from '../../api/reconciler.ts'
import type { ReconcilerPorts } from '../../api/reconciler-ports.ts'
import { finishDrift } from '../../store/finish-drift.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { createApi, stdio } from './create-api.ts'
import { createContract } from './create-contract.ts'
import { serve } from './serve.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeEach(async () => {
  api = await createApi(inject('emulatorUrl'))
})

const create = async (name: string, to?: 'IN_SERVICE' | 'FAILED') => {
  const { body } = await api.call('POST', '/servers', { body: { ...stdio, name, groups: ['docs'] } })
  if (to) await serve(api.store, body.run.id, to)
}
const ask = (id: string) => api.call('POST', `/servers/${id}/runs`, { body: { type: 'drift' } })
const change = { address: 'aws_lb.x', type: 'aws_lb', action: 'update', path: 'idle_timeout', before: 900, after: 60 } as const
const adopt = { idleTimeoutSeconds: 60 }

/** What the runner does to the store where it finds drift. */
async function find(runId: string): Promise<void> {
  const run = await readRun(api.store, runId)
  const server = run && (await readServer(api.store, run.serverId))
  if (!run || !server) throw new Error(`no run ${runId}`)
  await finishDrift(api.store, {
    run: await transitionRun(api.store, run, 'PLANNING'),
    server,
    found: { changes: [change], ignored: [{ address: 'a', path: 'tags', reason: 'r' }], adopt },
  })
}

describe('POST /servers/{id}/runs drift', () => {
  test('starts a run that leaves the server what it is', async () => {
    await create('asked', 'IN_SERVICE')
    const { status, body } = await ask('asked')
    expect([status, body.run.type, body.run.revision]).toEqual([202, 'drift', 1])
    expect(api.started).toContain(body.run.id)
    expect((await api.call('GET', '/servers/asked')).body).toMatchObject({ status: 'IN_SERVICE', driftRunId: body.run.id })
  })

  test('refuses where nothing was ever applied', async () => {
    await create('never', 'FAILED')
    expect(await ask('never')).toMatchObject({
      status: 409,
      body: { code: 'WRONG_STATUS', detail: expect.stringContaining('ever applied') },
    })
  })

  test('is for admins', async () => {
    await create('closed', 'IN_SERVICE')
    const { token } = await api.newKey({ groups: ['group:docs'] })
    expect((await api.call('POST', '/drift', { token })).status).toBe(403)
  })
})

test('POST /drift asks a page of all servers, and says why one was left out', async () => {
  for (const name of ['a', 'b']) await create(name, 'IN_SERVICE')
  await create('c')
  const { status, body } = await api.call('POST', '/drift?limit=3')
  expect([status, body.items.map((run: { serverId: string; type: string }) => [run.serverId, run.type]).sort()]).toEqual([
    202,
    [
      ['a', 'drift'],
      ['b', 'drift'],
    ],
  ])
  expect(body.skipped).toEqual([{ serverId: 'c', reason: expect.stringContaining('it is CREATING') }])
})

describe('a server that has drifted', () => {
  beforeEach(async () => {
    await create('drifted', 'IN_SERVICE')
    await find((await ask('drifted')).body.run.id)
  })
  const get = async (token?: string) => (await api.call('GET', '/servers/drifted', token === undefined ? {} : { token })).body

  test('shows admins what and since when, and how to have it as it was or to keep it', async () => {
    const { drift } = await get()
    expect(drift).toMatchObject({ since: expect.any(String), changes: [change], ignored: [{ reason: 'r' }], adopt })
    expect((await api.call(drift.reconcile.method, drift.reconcile.path, { body: drift.reconcile.body })).body.run.type).toBe('apply')
  })

  test('is changed to what was found by a PATCH with what is offered', async () => {
    const { drift } = await get()
    const { status, body } = await api.call('PATCH', '/servers/drifted', { body: drift.adopt })
    await serve(api.store, body.run.id, 'IN_SERVICE')
    const after = await get()
    expect([status, after.definition.idleTimeoutSeconds, after.drift]).toEqual([202, 60, undefined])
  })

  test('shows its callers and the list since when, and no more', async () => {
    const { token } = await api.newKey({ groups: ['group:docs'] })
    const summary = { since: expect.any(String), checkedAt: expect.any(String), runId: expect.any(String) }
    expect((await get(token)).drift).toEqual(summary)
    expect((await api.call('GET', '/servers')).body.items[0].drift).toEqual(summary)
  })
})

describe('the schedule', () => {
  const hours = 3_600_000
  let later = 0
  let every = 24
  const reconciler = () => {
    const ports: ReconcilerPorts = {
      ...api.ports,
      review: undefined,
      contract: async () => createContract({ review: { fourEyes: false, expiresAfterSeconds: 3600, driftEveryHours: every } }),
      startBuild: async (runId) => {
        api.started.push(runId)
        return `b:${runId}`
      },
      readBuilds: async (ids) => new Map(ids.map((id) => [id, { id, status: 'IN_PROGRESS', ended: false, endedAt: undefined }])),
      freeStateLock: async () => ({ freed: false, reason: 'there is no lock' }),
      clock: { ...api.ports.clock, now: () => new Date(Date.now() + later) },
      log: () => undefined,
    }
    return createReconciler(ports)
  }
  beforeEach(() => {
    later = 0
    every = 24
  })
  const driftRuns = async () =>
    (await api.call('GET', '/runs')).body.items.filter(({ type }: { type: string }) => type === 'drift') as { id: string; status: string }[]
  const drifted = async (at: number, sweep = reconciler()) => {
    later = at
    await sweep()
    return (await driftRuns()).length
  }

  test('compares a server when its time has come, and not before', async () => {
    await create('nightly', 'IN_SERVICE')
    const sweep = reconciler()
    expect([await drifted(0, sweep), await drifted(23 * hours, sweep), await drifted(24.1 * hours, sweep)]).toEqual([0, 0, 1])
    expect(await drifted(25.5 * hours, sweep)).toBe(1)
  })

  test('lets a run that failed wait for the next round', async () => {
    await create('failing', 'IN_SERVICE')
    await drifted(25 * hours)
    const [run] = await driftRuns()
    const queued = await readRun(api.store, run?.id ?? '')
    if (queued) await transitionRun(api.store, queued, 'FAILED', { error: { code: 'PLAN_FAILED', message: 'denied' } })
    expect([await drifted(30 * hours), await drifted(50 * hours)]).toEqual([1, 2])
  })

  test('has five runs open at most', async () => {
    for (let index = 0; index < 7; index += 1) await create(`s${index}`, 'IN_SERVICE')
    const sweep = reconciler()
    expect(await drifted(25 * hours, sweep)).toBe(5)
    expect(await drifted(25 * hours, sweep)).toBe(5)
    for (const { id } of (await driftRuns()).slice(0, 3)) await find(id)
    expect(await drifted(25 * hours, sweep)).toBe(7)
  })

  test('leaves out what was never applied, and everything where the platform says never', async () => {
    await create('waits')
    await create('broken', 'FAILED')
    expect(await drifted(100 * hours)).toBe(0)
    await create('served', 'IN_SERVICE')
    every = 0
    expect(await drifted(100 * hours)).toBe(0)
  })
})
