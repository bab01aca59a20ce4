import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { createApplyRun } from '../../store/create-apply-run.ts'
import { createDeleteRun } from '../../store/create-delete-run.ts'
import { createRevision } from '../../store/create-revision.ts'
import { createServer } from '../../store/create-server.ts'
import { appendEvent, listEvents } from '../../store/events.ts'
import { finishServer } from '../../store/finish-server.ts'
import { listRevisions, readRevision } from '../../store/revisions.ts'
import { listOpenRuns, readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { createStore } from '../support/create-store.ts'
import { newEvent, newRun, newServer } from '../support/store-records.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

const at = '2026-01-02T03:04:05.678Z'

function next(server: Server, number = server.revision + 1) {
  const of = { serverId: server.id, serverUid: server.uid }
  const definition = { name: server.name, serverType: 'stdio', startCommand: `node ${number}.js` }
  const revision = { format: 1 as const, ...of, number, definition, enabled: true, createdBy: 'key:admin', createdAt: at }
  return { revision, base: server.revision, run: newRun(of, { revision: number }), event: newEvent(), groups: ['group:next'] }
}

const applying = async (run: Run) =>
  (await beginApply(store, { run: await transitionRun(store, run, 'PLANNING'), serverTo: 'CREATING' })).run

async function inService(id: string): Promise<Server> {
  const { run } = await createServer(store, newServer(id))
  const { server } = await finishServer(store, { run: await applying(run), to: 'IN_SERVICE' })
  if (!server) throw new Error('expected a server')
  return server
}

describe('createRevision', () => {
  test('makes revision, run and event of a settled server, whose groups stay until the run applies', async () => {
    const server = await inService('settled')
    const made = next(server)
    const { server: after, run } = await createRevision(store, made)
    expect(after).toMatchObject({ status: 'IN_SERVICE', revision: 2, appliedRevision: 1, lastRunId: run.id, groups: [] })
    expect(await readRevision(store, 'settled', server.uid, 2)).toEqual(made.revision)
    expect(await readRun(store, run.id)).toMatchObject({ status: 'QUEUED', revision: 2, eventCount: 1 })
  })

  test.each(['QUEUED', 'PLANNING', 'AWAITING_REVIEW'] as const)('supersedes a run that is %s and says by what', async (status) => {
    const id = `waits${status.toLowerCase().replace('_', '')}`
    const { server, run: first } = await createServer(store, newServer(id))
    const planning = status === 'QUEUED' ? first : await transitionRun(store, first, 'PLANNING')
    if (status === 'AWAITING_REVIEW') await transitionRun(store, planning, 'AWAITING_REVIEW')
    const { server: after, run } = await createRevision(store, next(server))
    expect(after).toMatchObject({ status: 'CREATING', revision: 2, lastRunId: run.id, groups: ['group:next'] })
    expect(await readRun(store, first.id)).toMatchObject({ status: 'SUPERSEDED', endedAt: expect.any(String), eventCount: 2 })
    const last = (await listEvents(store, first.id)).at(-1)
    expect(last).toMatchObject({ n: 2, writer: 'api', type: 'run.superseded', data: { revision: 2 } })
    expect((await listOpenRuns(store)).map((open) => open.id)).not.toContain(first.id)
    await expect(beginApply(store, { run: planning, serverTo: 'CREATING' })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('supersedes a run while its runner writes events, and leaves no gap in them', async () => {
    const { server, run: first } = await createServer(store, newServer('chatty'))
    const planning = await transitionRun(store, first, 'PLANNING')
    const chatter = Promise.all(
      Array.from({ length: 8 }, () => appendEvent(store, planning.id, { writer: 'runner', type: 'step', message: 'Plan' })),
    )
    await createRevision(store, next(server))
    await chatter
    const events = await listEvents(store, first.id)
    expect(events.map(({ n }) => n)).toEqual(Array.from({ length: 10 }, (_, index) => index + 1))
    expect(events.filter(({ type }) => type === 'run.superseded')).toHaveLength(1)
  })

  test('of changes made at once from one revision exactly one wins, and the others leave nothing', async () => {
    const server = await inService('raced')
    const attempts = Array.from({ length: 5 }, () => next(server))
    const results = await Promise.allSettled(attempts.map((attempt) => createRevision(store, attempt)))
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(lost).toEqual(Array(4).fill('CONFLICT'))
    const kept = await Promise.all(attempts.map(({ run }) => readRun(store, run.id)))
    expect(kept.filter((run) => run !== undefined)).toHaveLength(1)
    expect((await listRevisions(store, 'raced', server.uid)).items.map(({ number }) => number)).toEqual([2, 1])
  })

  test('and a run that begins to apply at the same moment: one of the two is refused', async () => {
    const { server, run } = await createServer(store, newServer('tight'))
    const planning = await transitionRun(store, run, 'PLANNING')
    const results = await Promise.allSettled([
      createRevision(store, next(server)),
      beginApply(store, { run: planning, serverTo: 'CREATING' }),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const after = await readServer(store, 'tight')
    expect(after?.applyingRunId).toBe(results[1].status === 'fulfilled' ? run.id : undefined)
  })

  test('refuses a server that a run is applying, one that is being deleted, and one that is gone', async () => {
    const { server: busy, run } = await createServer(store, newServer('busy'))
    await applying(run)
    await expect(createRevision(store, next(busy))).rejects.toMatchObject({
      code: 'WRONG_STATUS',
      message: expect.stringContaining(run.id),
    })
    const leaving = await inService('leaving')
    const of = { serverId: leaving.id, serverUid: leaving.uid }
    await createDeleteRun(store, { run: newRun(of, { type: 'delete' }), event: newEvent() })
    await expect(createRevision(store, next(leaving))).rejects.toMatchObject({
      code: 'WRONG_STATUS',
      message: expect.stringContaining('deletion'),
    })
    await expect(createRevision(store, next({ ...leaving, uid: 'earlier' }))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('the run that applies it brings its groups', async () => {
    const server = await inService('groups')
    const { run } = await createRevision(store, next(server))
    const begun = await beginApply(store, { run: await transitionRun(store, run, 'PLANNING'), serverTo: 'UPDATING' })
    const end = await finishServer(store, { run: begun.run, to: 'IN_SERVICE', patch: { groups: ['group:next'] } })
    expect(end.server).toMatchObject({ groups: ['group:next'], appliedRevision: 2 })
  })
})

describe('createApplyRun', () => {
  test('queues the newest revision once more, of two calls at once for one of them', async () => {
    const server = await inService('again')
    const of = { serverId: server.id, serverUid: server.uid }
    const runs = [newRun(of), newRun(of)]
    const results = await Promise.allSettled(runs.map((run) => createApplyRun(store, { run, event: newEvent() })))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const won = runs[results.findIndex(({ status }) => status === 'fulfilled')]
    expect((await readServer(store, 'again'))?.lastRunId).toBe(won?.id)
  })

  test('refuses a server whose run is open, or that was never applied', async () => {
    const { server } = await createServer(store, newServer('open'))
    const run = newRun({ serverId: server.id, serverUid: server.uid })
    const refused = createApplyRun(store, { run, event: newEvent() })
    await expect(refused).rejects.toMatchObject({ code: 'WRONG_STATUS', message: expect.stringContaining('QUEUED') })
  })
})

describe('listRevisions', () => {
  test('gives the newest first, page by page, and one life only', async () => {
    const server = await inService('paged')
    for (const number of [2, 3, 4]) await createRevision(store, next({ ...server, revision: number - 1 }))
    const first = await listRevisions(store, 'paged', server.uid, { limit: 3 })
    const second = await listRevisions(store, 'paged', server.uid, { limit: 3, cursor: first.cursor })
    expect([first, second].map(({ items }) => items.map(({ number }) => number))).toEqual([[4, 3, 2], [1]])
    expect((await listRevisions(store, 'paged', 'another')).items).toEqual([])
  })

  test('reads a revision that was stored before a server could be stopped as an enabled one', async () => {
    const records = newServer('elder')
    const { enabled: _, ...elder } = records.revision
    await createServer(store, { ...records, revision: elder as typeof records.revision })
    expect((await readRevision(store, 'elder', records.server.uid, 1))?.enabled).toBe(true)
  })
})
