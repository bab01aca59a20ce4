import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { Run, RunError } from '../../schema/run.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { createDeleteRun } from '../../store/create-delete-run.ts'
import { createServer } from '../../store/create-server.ts'
import { failRun } from '../../store/fail-run.ts'
import { finishServer } from '../../store/finish-server.ts'
import { readRevision } from '../../store/revisions.ts'
import { heartbeat, listOpenRuns, readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { createStore } from '../support/create-store.ts'
import { newEvent, newRun, newServer } from '../support/store-records.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

const error: RunError = { code: 'PLAN_FAILED', message: 'no such image', resource: 'aws_ecs_service.service' }

async function queued(id: string) {
  return createServer(store, newServer(id))
}

async function planning(id: string): Promise<Run> {
  return transitionRun(store, (await queued(id)).run, 'PLANNING', { buildId: 'build:1' })
}

async function applying(id: string): Promise<Run> {
  return (await beginApply(store, { run: await planning(id), serverTo: 'CREATING' })).run
}

async function inService(id: string) {
  const { run, server } = await finishServer(store, { run: await applying(id), to: 'IN_SERVICE', patch: { tools: [{ name: 'echo' }] } })
  if (!server) throw new Error('expected a server')
  return { run, server }
}

const deleteRun = (of: { id: string; uid: string }) => newRun({ serverId: of.id, serverUid: of.uid }, { type: 'delete' })

describe('transitionRun', () => {
  test('moves on and keeps what it is given', async () => {
    expect(await planning('moves')).toMatchObject({ status: 'PLANNING', buildId: 'build:1', eventCount: 1 })
  })

  test('of two workers that take the same run one is refused', async () => {
    const { run } = await queued('twice')
    const results = await Promise.allSettled([transitionRun(store, run, 'PLANNING'), transitionRun(store, run, 'PLANNING')])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'CONFLICT' })
  })

  test('a status that cannot follow is refused', async () => {
    const { run } = await queued('leap')
    await expect(transitionRun(store, run, 'PUBLISHING')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a run that ended is no longer open and does not move', async () => {
    const run = await planning('ended')
    const failed = await transitionRun(store, run, 'FAILED', { error })
    expect(failed).toMatchObject({ status: 'FAILED', error, endedAt: expect.any(String) })
    expect((await listOpenRuns(store)).map(({ id }) => id)).not.toContain(run.id)
    await expect(transitionRun(store, run, 'AWAITING_REVIEW')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a create that fails before it applies leaves a FAILED server with the error', async () => {
    await transitionRun(store, await planning('unplanned'), 'FAILED', { error })
    expect(await readServer(store, 'unplanned')).toMatchObject({ status: 'FAILED', error })
  })

  test('a create that is discarded takes its server, revision and name with it', async () => {
    const { server, run } = await queued('discarded')
    await transitionRun(store, run, 'DISCARDED')
    expect(await readServer(store, 'discarded')).toBeUndefined()
    expect(await readRevision(store, 'discarded', server.uid, 1)).toBeUndefined()
    await queued('discarded')
  })

  test('a run that holds the apply lease does not end without freeing it', async () => {
    await expect(transitionRun(store, await applying('held'), 'FAILED')).rejects.toThrow('finishServer')
  })
})

describe('beginApply', () => {
  test('gives run and server the same new generation', async () => {
    const { run, server } = await beginApply(store, { run: await planning('lease'), serverTo: 'CREATING' })
    expect(run).toMatchObject({ status: 'APPLYING', generation: 1 })
    expect(server).toMatchObject({ status: 'CREATING', generation: 1, applyingRunId: run.id })
  })

  test('a worker that still holds the run from before is fenced off', async () => {
    const before = await planning('fenced')
    await beginApply(store, { run: before, serverTo: 'CREATING' })
    await expect(beginApply(store, { run: before, serverTo: 'CREATING' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(transitionRun(store, before, 'VERIFYING')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(heartbeat(store, before)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('refuses while another run applies', async () => {
    const { server } = await inService('busy')
    const { run } = await createDeleteRun(store, { run: deleteRun(server), event: newEvent() })
    const ready = await transitionRun(store, run, 'PLANNING')
    const results = await Promise.allSettled([1, 2].map(() => beginApply(store, { run: ready, serverTo: 'DELETING' })))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await readServer(store, 'busy'))?.generation).toBe(2)
  })

  test('a run of an earlier life finds its server gone', async () => {
    const run = await planning('reborn')
    await createDeleteRun(store, { run: deleteRun({ id: 'reborn', uid: run.serverUid }), event: newEvent() })
    await queued('reborn')
    await expect(beginApply(store, { run, serverTo: 'CREATING' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('finishServer', () => {
  test('ends the run, frees the lease and says what is applied', async () => {
    const { run, server } = await inService('done')
    expect(run).toMatchObject({ status: 'SUCCEEDED', endedAt: expect.any(String) })
    expect(server).toMatchObject({ status: 'IN_SERVICE', appliedRevision: 1, tools: [{ name: 'echo' }] })
    expect(server.applyingRunId).toBeUndefined()
  })

  test('the second to finish is refused', async () => {
    const run = await applying('second')
    await finishServer(store, { run, to: 'IN_SERVICE' })
    await expect(finishServer(store, { run, to: 'FAILED' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await readServer(store, 'second'))?.status).toBe('IN_SERVICE')
  })

  test('an older generation is refused', async () => {
    const run = await applying('older')
    await expect(finishServer(store, { run: { ...run, generation: 0 }, to: 'IN_SERVICE' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await readRun(store, run.id))?.status).toBe('APPLYING')
  })

  test('a failure is told by run and server, and what runs already stays named', async () => {
    const { run, server } = await finishServer(store, { run: await applying('broken'), to: 'FAILED', patch: { error } })
    expect(run).toMatchObject({ status: 'FAILED', error })
    expect(server).toMatchObject({ status: 'FAILED', error })
    expect(server?.appliedRevision).toBeUndefined()
  })

  test('GONE leaves no server, revision or claim: the name can be created again at once', async () => {
    const { server } = await inService('gone')
    const { run } = await createDeleteRun(store, { run: deleteRun(server), event: newEvent() })
    const begun = await beginApply(store, { run: await transitionRun(store, run, 'PLANNING'), serverTo: 'DELETING' })
    expect(begun.server.status).toBe('DELETING')
    const end = await finishServer(store, { run: begun.run, to: 'GONE' })
    expect(end).toMatchObject({ run: { status: 'SUCCEEDED' }, server: undefined })
    expect(await readRevision(store, 'gone', server.uid, 1)).toBeUndefined()
    await queued('gone')
  })

  test('a tool list too large for one item is cut to names and descriptions', async () => {
    const tools = [{ name: 'huge', description: 'd', inputSchema: { text: 'x'.repeat(450_000) } }]
    const { server } = await finishServer(store, { run: await applying('tools'), to: 'IN_SERVICE', patch: { tools } })
    expect(server?.tools).toEqual([{ name: 'huge', description: 'd' }])
  })
})

describe('failRun', () => {
  test.each(['queued', 'planning', 'applying'] as const)('ends a run that is %s and leaves its server deletable', async (status) => {
    const id = `lost${status}`
    const run = { queued: async () => (await queued(id)).run, planning: () => planning(id), applying: () => applying(id) }[status]
    const failed = await failRun(store, await run(), { code: 'RUNNER_LOST', message: 'the build was stopped' })
    expect(failed).toMatchObject({ status: 'FAILED', error: { code: 'RUNNER_LOST' } })
    const server = await readServer(store, id)
    expect(server).toMatchObject({ status: 'FAILED' })
    await createDeleteRun(store, { run: deleteRun({ id, uid: server?.uid ?? '' }), event: newEvent() })
  })
})

describe('createDeleteRun', () => {
  test('refuses a server that a run is applying', async () => {
    const run = await applying('unsettled')
    const attempt = createDeleteRun(store, { run: deleteRun({ id: 'unsettled', uid: run.serverUid }), event: newEvent() })
    await expect(attempt).rejects.toMatchObject({ code: 'WRONG_STATUS', message: expect.stringContaining('CREATING') })
    expect((await readRun(store, run.id))?.status).toBe('APPLYING')
  })

  test('of two deletes at once one is refused', async () => {
    const { server } = await inService('twodeletes')
    const runs = [deleteRun(server), deleteRun(server)]
    const results = await Promise.allSettled(runs.map((run) => createDeleteRun(store, { run, event: newEvent() })))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const kept = await Promise.all(runs.map(({ id }) => readRun(store, id)))
    expect(kept.filter((run) => run !== undefined)).toHaveLength(1)
  })

  test('a server never applied is gone at once, and its waiting run superseded', async () => {
    const waiting = await planning('never')
    const { run } = await createDeleteRun(store, { run: deleteRun({ id: 'never', uid: waiting.serverUid }), event: newEvent() })
    expect(run.status).toBe('SUCCEEDED')
    expect(await readServer(store, 'never')).toBeUndefined()
    expect((await readRun(store, waiting.id))?.status).toBe('SUPERSEDED')
  })

  test('refuses a server that does not exist', async () => {
    const attempt = createDeleteRun(store, { run: deleteRun({ id: 'nobody', uid: 'x' }), event: newEvent() })
    await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
