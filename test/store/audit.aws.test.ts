import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { AuditEntry } from '../../schema/audit.ts'
import { listAudit, putAudit } from '../../store/audit.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { createStore } from '../support/create-store.ts'

let store: StoreContext

const entry = (id: string, at: string, some: Partial<AuditEntry> = {}): AuditEntry => ({
  format: 1,
  id,
  at,
  action: 'server:update',
  outcome: 'done',
  actor: 'key:a',
  method: 'PATCH',
  path: '/servers/docs',
  sourceIp: '203.0.113.7',
  requestId: `request-${id}`,
  ...some,
})

const entries = [
  entry('1', '2026-01-31T23:59:59.999Z', { serverId: 'docs' }),
  entry('2', '2026-02-01T00:00:00.000Z', { serverId: 'wiki' }),
  entry('3', '2026-02-01T00:00:00.000Z', { actor: 'key:b', serverId: 'docs' }),
  entry('4', '2026-03-05T10:00:00.000Z', { actor: 'anonymous', outcome: 'refused', code: 'UNAUTHENTICATED' }),
]

beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
  for (const each of entries) await putAudit(store, each)
})

const idsOf = async (...query: Parameters<typeof listAudit> extends [unknown, ...infer Rest] ? Rest : never) =>
  (await listAudit(store, ...query)).items.map(({ id }) => id)

describe('listAudit', () => {
  test('gives the newest first, over months, page by page', async () => {
    const first = await listAudit(store, { limit: 3 })
    const second = await listAudit(store, { limit: 3, cursor: first.cursor })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['4', '3', '2', '1'])
    expect(first.items[0]).toEqual(entries[3])
  })

  test.each([
    [{ serverId: 'docs' }, ['3', '1']],
    [{ actor: 'key:a' }, ['2', '1']],
    [{ serverId: 'docs', actor: 'key:b' }, ['3']],
    [{ serverId: 'nothing' }, []],
    [{ from: '2026-02-01T00:00:00.000Z' }, ['4', '3', '2']],
    [{ to: '2026-02-01T00:00:00.000Z' }, ['3', '2', '1']],
    [{ from: '2026-02-01T00:00:00.000Z', to: '2026-02-28T00:00:00.000Z', actor: 'key:a' }, ['2']],
  ])('of %j gives %j', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids)
  })

  test('a cursor goes on behind what was added meanwhile', async () => {
    const own = await createStore(inject('emulatorUrl'))
    for (const each of entries) await putAudit(own, each)
    const first = await listAudit(own, { limit: 2 })
    await putAudit(own, entry('5', '2026-04-01T00:00:00.000Z'))
    expect((await listAudit(own, { limit: 5, cursor: first.cursor })).items.map(({ id }) => id)).toEqual(['2', '1'])
  })

  test('the end of a call replaces its start', async () => {
    const own = await createStore(inject('emulatorUrl'))
    await putAudit(own, entry('6', '2026-04-01T00:00:00.000Z', { outcome: 'started' }))
    await putAudit(own, entry('6', '2026-04-01T00:00:00.000Z', { outcome: 'done', runId: 'r' }))
    expect((await listAudit(own)).items).toMatchObject([{ id: '6', outcome: 'done', runId: 'r' }])
  })
})
