import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createServer } from '../../store/create-server.ts'
import { listEvents } from '../../store/events.ts'
import { readRevision } from '../../store/revisions.ts'
import { listOpenRuns, listRuns, readRun } from '../../store/runs.ts'
import { listServers, readServer } from '../../store/servers.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { createStore } from '../support/create-store.ts'
import { newServer } from '../support/store-records.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

const everything = async (ctx: StoreContext) => (await ctx.client.send(new ScanCommand({ TableName: ctx.table }))).Items ?? []

describe('createServer', () => {
  test('stores server, revision, run and first event as they were given', async () => {
    const records = newServer('whole')
    await createServer(store, records)
    expect(await readServer(store, 'whole')).toEqual(records.server)
    expect(await readRevision(store, 'whole', records.server.uid, 1)).toEqual(records.revision)
    expect(await readRun(store, records.run.id)).toEqual({ ...records.run, eventCount: 1 })
    expect(await listEvents(store, records.run.id)).toMatchObject([{ n: 1, type: 'run.queued', writer: 'api' }])
  })

  test('of creates of one name at once exactly one wins, and nothing of the others is left', async () => {
    const own = await createStore(inject('emulatorUrl'))
    const attempts = Array.from({ length: 6 }, () => newServer('race'))
    const results = await Promise.allSettled(attempts.map((records) => createServer(own, records)))
    const lost = results.filter((result) => result.status === 'rejected')
    expect(lost.map(({ reason }) => reason.code)).toEqual(Array(5).fill('NAME_TAKEN'))
    const winner = attempts[results.findIndex(({ status }) => status === 'fulfilled')]
    const items = await everything(own)
    expect(items.map(({ sk }) => sk).sort()).toEqual(
      ['CLAIM', 'EVENT#00000001', `REVISION#${winner?.server.uid}#00001`, 'RUN', 'SERVER'].sort(),
    )
    expect(await readServer(own, 'race')).toEqual(winner?.server)
  })

  test('the refusal names the field and the id that is taken', async () => {
    await createServer(store, newServer('taken'))
    await expect(createServer(store, newServer('taken'))).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      errors: [{ path: 'name', message: expect.stringContaining('taken') }],
    })
  })

  test('a definition deeper than DynamoDB allows comes back unchanged', async () => {
    const records = newServer('deep')
    const deep = Array.from({ length: 60 }).reduce<object>((inner) => ({ inner }), { big: 2 ** 70, text: 'a\n"' })
    await createServer(store, { ...records, revision: { ...records.revision, definition: { deep } } })
    expect((await readRevision(store, 'deep', records.server.uid, 1))?.definition).toEqual({ deep })
  })
})

describe('lists', () => {
  test('servers come in pages by id, and the pages together are all of them', async () => {
    const own = await createStore(inject('emulatorUrl'))
    for (const id of ['c', 'a', 'd', 'b', 'e']) await createServer(own, newServer(id))
    const first = await listServers(own, { limit: 2 })
    const second = await listServers(own, { limit: 2, cursor: first.cursor })
    const third = await listServers(own, { limit: 2, cursor: second.cursor })
    expect([first, second, third].map(({ items }) => items.map(({ id }) => id))).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    expect(third.cursor).toBeUndefined()
  })

  test.each(['nonsense', 'W10', Buffer.from('["a"]').toString('base64url')])(
    'a cursor that is not ours (%s) is refused',
    async (cursor) => {
      await expect(listServers(store, { cursor })).rejects.toMatchObject({ code: 'INVALID_REQUEST', errors: [{ path: 'cursor' }] })
    },
  )

  test('runs of one server are told from all runs', async () => {
    const own = await createStore(inject('emulatorUrl'))
    const [one, two] = [newServer('one'), newServer('two')]
    await createServer(own, one)
    await createServer(own, two)
    expect((await listRuns(own, { serverId: 'one' })).items.map(({ id }) => id)).toEqual([one.run.id])
    expect((await listRuns(own)).items).toHaveLength(2)
    expect((await listOpenRuns(own)).map(({ id }) => id).sort()).toEqual([one.run.id, two.run.id].sort())
  })
})
