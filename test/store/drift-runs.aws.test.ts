import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { SavedPlan } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { createApplyRun } from '../../store/create-apply-run.ts'
import { createCheckRun } from '../../store/create-check-run.ts'
import { createServer } from '../../store/create-server.ts'
import { finishDrift } from '../../store/finish-drift.ts'
import { finishServer } from '../../store/finish-server.ts'
import { readServer } from '../../store/servers.ts'
import { settleUnchanged } from '../../store/settle-unchanged.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { createStore } from '../support/create-store.ts'
import { newEvent, newRun, newServer } from '../support/store-records.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

const of = (server: Server) => ({ serverId: server.id, serverUid: server.uid })
const read = async (id: string) => (await readServer(store, id)) as Server
const at = (time: string): StoreContext => ({ ...store, now: () => new Date(time) })
const change = { address: 'aws_lb.x', type: 'aws_lb', action: 'update', path: 'idle_timeout', before: 900, after: 60 } as const
const stays = { address: 'aws_security_group.x', type: 'aws_security_group', action: 'update', path: 'ingress', stays: true } as const
const plan: SavedPlan = {
  artifactKey: 'k',
  artifactSha256: 'a',
  planSha256: 'b',
  lockSha256: 'c',
  contractSha256: 'd',
  baseSerial: 1,
  lineage: 'l',
  counts: { create: 0, update: 0, delete: 0, replace: 0 },
}

async function applied(id: string, to: 'IN_SERVICE' | 'STOPPED' | 'FAILED' = 'IN_SERVICE'): Promise<Server> {
  const { run } = await createServer(store, newServer(id))
  const applying = await beginApply(store, { run: await transitionRun(store, run, 'PLANNING'), serverTo: 'CREATING' })
  await finishServer(store, { run: applying.run, to })
  return read(id)
}
const queueDrift = (server: Server) =>
  createCheckRun(store, { run: { ...newRun(of(server), { revision: server.revision }), type: 'drift' }, event: newEvent() })
const compare = async (id: string) => {
  const server = await read(id)
  return { server, run: await transitionRun(store, await queueDrift(server), 'PLANNING') }
}
const find = async (id: string, changes: Parameters<typeof finishDrift>[1]['found']['changes'], when = '2026-05-05T00:00:00.000Z') =>
  finishDrift(at(when), { ...(await compare(id)), found: { changes, ignored: [], adopt: { idleTimeoutSeconds: 60 } } })
const beginNewApply = async (server: Server) => {
  const { run } = await createApplyRun(store, { run: newRun(of(server), { revision: server.revision }), event: newEvent() })
  return (await beginApply(store, { run: await transitionRun(store, run, 'PLANNING'), serverTo: 'UPDATING' })).run
}

describe('a drift run', () => {
  test('takes no lease and ends SUCCEEDED with what was found on its server', async () => {
    await applied('found')
    expect(await find('found', [change])).toMatchObject({ status: 'SUCCEEDED' })
    const server = await read('found')
    expect(server).toMatchObject({ status: 'IN_SERVICE', generation: 1, driftCheckedAt: '2026-05-05T00:00:00.000Z' })
    expect(server.drift).toMatchObject({ runId: server.driftRunId, changes: [change], adopt: { idleTimeoutSeconds: 60 } })
  })

  test('that finds nothing ends NO_CHANGES and takes an earlier drift away', async () => {
    await applied('clean')
    await find('clean', [change])
    expect(await find('clean', [], '2026-05-06T00:00:00.000Z')).toMatchObject({ status: 'NO_CHANGES' })
    const server = await read('clean')
    expect([server.drift, server.driftCheckedAt]).toEqual([undefined, '2026-05-06T00:00:00.000Z'])
  })

  test('keeps since when a server has drifted while its details change', async () => {
    await applied('since')
    await find('since', [change], '2026-05-05T00:00:00.000Z')
    await find('since', [{ ...change, after: 61 }], '2026-05-06T00:00:00.000Z')
    expect((await read('since')).drift).toMatchObject({ since: '2026-05-05T00:00:00.000Z', checkedAt: '2026-05-06T00:00:00.000Z' })
  })

  test('is overtaken by an apply that began meanwhile, and by one that has ended', async () => {
    const server = await applied('overtaken')
    const comparing = await compare('overtaken')
    const applying = await beginNewApply(server)
    const end = () => finishDrift(store, { ...comparing, found: { changes: [change], ignored: [] } })
    await expect(end()).rejects.toMatchObject({ code: 'CONFLICT' })
    await finishServer(store, { run: applying, to: 'IN_SERVICE' })
    await expect(end()).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await read('overtaken')).drift).toBeUndefined()
  })

  test('is one at a time', async () => {
    const server = await applied('single')
    const made = await Promise.allSettled([queueDrift(server), queueDrift(server)])
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(queueDrift(await read('single'))).rejects.toMatchObject({
      code: 'WRONG_STATUS',
      message: expect.stringContaining('does it'),
    })
  })

  test('takes a server that is stopped', async () => {
    await expect(queueDrift(await applied('halted', 'STOPPED'))).resolves.toMatchObject({ type: 'drift', status: 'QUEUED' })
  })

  test('refuses a server to which nothing was ever applied, and one that changes', async () => {
    await expect(queueDrift(await applied('never', 'FAILED'))).rejects.toMatchObject({ message: expect.stringContaining('ever applied') })
    await createServer(store, newServer('creating'))
    await expect(queueDrift(await read('creating'))).rejects.toMatchObject({ message: expect.stringContaining('it is CREATING') })
  })
})

describe('what is kept', () => {
  test('fits beside the tools, and says how much more there was', async () => {
    await applied('many')
    const long = 'x'.repeat(5000)
    await find('many', [{ ...change, after: long }, ...Array.from({ length: 300 }, (_, index) => ({ ...change, path: `p${index}` }))])
    const { drift } = await read('many')
    expect(drift?.changes).toHaveLength(50)
    expect(drift?.more).toBe(251)
    expect(drift?.changes[0]).toEqual({ address: 'aws_lb.x', type: 'aws_lb', action: 'update', path: 'idle_timeout', long: true })
    expect(JSON.stringify(drift).length).toBeLessThan(25_000)
  })
})

describe('an apply', () => {
  test('that succeeds ends the drift', async () => {
    const server = await applied('reconciled')
    await find('reconciled', [change])
    await finishServer(store, { run: await beginNewApply(server), to: 'IN_SERVICE' })
    expect((await read('reconciled')).drift).toBeUndefined()
  })

  test('that had nothing to change ends what was adopted, and leaves what it does not manage', async () => {
    const server = await applied('settled')
    await find('settled', [change, stays])
    const { run } = await createApplyRun(store, { run: newRun(of(server), { revision: 1 }), event: newEvent() })
    await settleUnchanged(store, { run: await transitionRun(store, run, 'PLANNING'), plan })
    const { drift } = await read('settled')
    expect([drift?.changes, drift?.adopt, drift?.since]).toEqual([[stays], undefined, '2026-05-05T00:00:00.000Z'])
  })

  test('that fails leaves the drift', async () => {
    const server = await applied('refailed')
    await find('refailed', [change])
    await finishServer(store, { run: await beginNewApply(server), to: 'FAILED' })
    expect((await read('refailed')).drift?.changes).toEqual([change])
  })
})
