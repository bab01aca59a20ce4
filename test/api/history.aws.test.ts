import { beforeAll, describe, expect, inject, test } from 'vitest'
import { readRun } from '../../store/runs.ts'
import { createApi, stdio } from './create-api.ts'
import { serve } from './serve.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
})

/** A server with three revisions, all applied. */
async function withHistory(name: string): Promise<string> {
  const { body } = await api.call('POST', '/servers', { body: { ...stdio, name, environment: { A: '1' } } })
  await serve(api.store, body.run.id, 'IN_SERVICE')
  for (const change of [{ environment: { A: '2', B: '1' } }, { description: 'third', environment: { A: null } }]) {
    const { body: changed } = await api.call('PATCH', `/servers/${name}`, { body: change })
    await serve(api.store, changed.run.id, 'IN_SERVICE')
  }
  return name
}

describe('revisions', () => {
  test('are listed newest first with who made them, and read one by one', async () => {
    const id = await withHistory('listed')
    const first = await api.call('GET', `/servers/${id}/revisions?limit=2`)
    const second = await api.call('GET', `/servers/${id}/revisions?limit=2&cursor=${first.body.cursor}`)
    const all = [...first.body.items, ...second.body.items]
    expect(all.map(({ number }) => number)).toEqual([3, 2, 1])
    expect(all[0]).toMatchObject({ serverId: id, enabled: true, createdBy: `key:${api.admin.id}` })
    const one = await api.call('GET', `/servers/${id}/revisions/2`)
    expect(one.body).toEqual(all[1])
    expect(one.body.definition.environment).toEqual({ A: '2', B: '1' })
  })

  test('differ by what was sent', async () => {
    const id = await withHistory('differs')
    const { body } = await api.call('GET', `/servers/${id}/revisions/1/diff?to=2`)
    expect(body).toEqual({
      from: 1,
      to: 2,
      differences: [
        { path: '/environment/A', kind: 'changed', before: '1', after: '2' },
        { path: '/environment/B', kind: 'added', after: '1' },
      ],
    })
    const newest = await api.call('GET', `/servers/${id}/revisions/3/diff`)
    expect(newest.body).toEqual({ from: 3, to: 3, differences: [] })
    const back = await api.call('GET', `/servers/${id}/revisions/3/diff?to=2`)
    expect(back.body.differences).toContainEqual({ path: '/description', kind: 'removed', before: 'third' })
  })

  test('say that a server was stopped', async () => {
    const id = await withHistory('stopped')
    await api.call('PATCH', `/servers/${id}`, { body: { enabled: false } })
    const { body } = await api.call('GET', `/servers/${id}/revisions/3/diff?to=4`)
    expect(body.differences).toEqual([{ path: '/enabled', kind: 'changed', before: true, after: false }])
  })

  test.each([
    ['/servers/read/revisions/9', 404],
    ['/servers/read/revisions/1/diff?to=9', 404],
    ['/servers/nothing/revisions', 404],
    ['/servers/read/revisions/0', 400],
    ['/servers/read/revisions/x', 400],
    ['/servers/read/revisions?cursor=x', 400],
  ])('%s is %i', async (path, status) => {
    await api.call('POST', '/servers', { body: { ...stdio, name: 'read' } })
    expect((await api.call('GET', path)).status).toBe(status)
  })

  test('are for admins', async () => {
    const member = await api.newKey()
    for (const path of ['revisions', 'revisions/1', 'revisions/1/diff'])
      expect((await api.call('GET', `/servers/read/${path}`, { token: member.token })).status).toBe(403)
  })
})

describe('POST /servers/{id}/rollback', () => {
  test('makes a new revision of an earlier definition, with a run', async () => {
    const id = await withHistory('rolled')
    const { status, body } = await api.call('POST', `/servers/${id}/rollback`, { body: { revision: 1 } })
    expect([status, body.server.revision, body.run.revision]).toEqual([202, 4, 4])
    const diff = await api.call('GET', `/servers/${id}/revisions/1/diff?to=4`)
    expect(diff.body.differences).toEqual([])
    const { body: told } = await api.call('GET', `/runs/${body.run.id}/events`)
    expect(told.events[0].message).toContain('revision 1')
  })

  test.each([3, 4, 99_999])('refuses revision %i of a server whose newest is 3', async (revision) => {
    const id = await withHistory(`back${revision}`)
    const { status, body } = await api.call('POST', `/servers/${id}/rollback`, { body: { revision } })
    expect([status, body.errors[0].path]).toEqual([422, 'revision'])
  })

  test('honours If-Match and is done once for an Idempotency-Key', async () => {
    const id = await withHistory('oncerolled')
    const stale = await api.call('POST', `/servers/${id}/rollback`, { body: { revision: 1 }, headers: { 'if-match': '"r1-x"' } })
    expect(stale.status).toBe(412)
    const options = { body: { revision: 1 }, headers: { 'idempotency-key': 'rollback' } }
    const first = await api.call('POST', `/servers/${id}/rollback`, options)
    const again = await api.call('POST', `/servers/${id}/rollback`, options)
    expect([again.status, again.text]).toEqual([202, first.text])
  })
})

describe('POST /servers/{id}/runs', () => {
  const apply = (id: string, type = 'apply') => api.call('POST', `/servers/${id}/runs`, { body: { type } })

  test('applies the newest revision of a failed server once more', async () => {
    const created = await api.call('POST', '/servers', { body: { ...stdio, name: 'retried' } })
    await serve(api.store, created.body.run.id, 'FAILED')
    const { status, body, headers } = await apply('retried')
    expect([status, body.run.type, body.run.revision]).toEqual([202, 'apply', 1])
    expect(headers.get('location')).toBe(`https://gantry.example.com/live/runs/${body.run.id}`)
    expect(api.started).toContain(body.run.id)
    await serve(api.store, body.run.id, 'IN_SERVICE')
    expect((await readRun(api.store, body.run.id))?.status).toBe('SUCCEEDED')
  })

  test('refuses while a run is open, and says which', async () => {
    const created = await api.call('POST', '/servers', { body: { ...stdio, name: 'waiting' } })
    const { status, body } = await apply('waiting')
    expect([status, body.code]).toEqual([409, 'WRONG_STATUS'])
    expect(body.detail).toContain(created.body.run.id)
  })

  test('verifies a server in service without a new revision', async () => {
    const created = await api.call('POST', '/servers', { body: { ...stdio, name: 'proven' } })
    await serve(api.store, created.body.run.id, 'IN_SERVICE')
    const { status, body, headers } = await apply('proven', 'verify')
    expect([status, body.run.type, body.run.revision]).toEqual([202, 'verify', 1])
    expect(headers.get('location')).toBe(`https://gantry.example.com/live/runs/${body.run.id}`)
    expect(api.started).toContain(body.run.id)
    expect((await api.call('GET', '/servers/proven')).body).toMatchObject({ status: 'IN_SERVICE', verifyRunId: body.run.id })
  })

  test.each(['destroy'])('does not know the type %s', async (type) => {
    await api.call('POST', '/servers', { body: { ...stdio, name: 'typed' } })
    const { status, body } = await apply('typed', type)
    expect([status, body.errors[0].path]).toEqual([422, 'type'])
  })
})

describe('POST /verify', () => {
  test('verifies every server in service, page by page, and says why another was left out', async () => {
    const own = await createApi(inject('emulatorUrl'))
    const create = async (name: string) => (await own.call('POST', '/servers', { body: { ...stdio, name } })).body.run.id
    for (const name of ['a', 'b', 'd']) await serve(own.store, await create(name), 'IN_SERVICE')
    await create('c')
    const first = (await own.call('POST', '/verify?limit=3')).body
    const second = (await own.call('POST', `/verify?limit=3&cursor=${first.cursor}`)).body
    expect([...first.items, ...second.items].map((run) => [run.serverId, run.type]).sort()).toEqual(
      ['a', 'b', 'd'].map((id) => [id, 'verify']),
    )
    expect(first.skipped).toEqual([{ serverId: 'c', reason: expect.stringContaining('it is CREATING') }])
    expect([second.skipped, second.cursor]).toEqual([[], undefined])
  })

  test('an Idempotency-Key counts for one page', async () => {
    const own = await createApi(inject('emulatorUrl'))
    const headers = { 'idempotency-key': 'all' }
    expect((await own.call('POST', '/verify?limit=1', { headers })).status).toBe(202)
    expect((await own.call('POST', '/verify?limit=2', { headers })).body.code).toBe('IDEMPOTENCY_KEY_REUSED')
  })
})
