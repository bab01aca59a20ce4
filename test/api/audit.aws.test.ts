import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { AuditEntry } from '../../schema/audit.ts'
import { putAudit } from '../../store/audit.ts'
import { createApi, stdio } from './create-api.ts'
import { proxyEvent } from './gateway-events.ts'
import { serve } from './serve.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
})

const audit = async (query = '') => (await api.call('GET', `/audit?${query}`)).body.items as AuditEntry[]
const env = { requestContext: proxyEvent('POST', '/', {}).requestContext }

describe('what is changed', () => {
  test('is told with who, what, which server, revision and run, when, from where and by which request', async () => {
    const { body } = await api.call('POST', '/servers', {
      body: { ...stdio, name: 'told' },
      headers: { 'x-request-id': 'request-1', 'x-forwarded-for': '10.0.0.1' },
      env,
    })
    const [entry] = await audit('serverId=told')
    expect(entry).toEqual({
      id: expect.any(String),
      at: expect.any(String),
      action: 'server:create',
      outcome: 'done',
      actor: `key:${api.admin.id}`,
      serverId: 'told',
      serverUid: body.server.uid,
      revision: 1,
      runId: body.run.id,
      method: 'POST',
      path: '/servers',
      sourceIp: '203.0.113.7',
      requestId: 'request-1',
    })
  })

  test('is told for every kind of change', async () => {
    const { body } = await api.call('POST', '/servers', { body: { ...stdio, name: 'kinds' } })
    await serve(api.store, body.run.id, 'IN_SERVICE')
    const changed = await api.call('PATCH', '/servers/kinds', { body: { description: 'x' } })
    await api.call('PUT', '/servers/kinds', { body: { ...stdio, name: 'kinds' } })
    const back = await api.call('POST', '/servers/kinds/rollback', { body: { revision: 1 } })
    await serve(api.store, back.body.run.id, 'IN_SERVICE')
    const retried = await api.call('POST', '/servers/kinds/runs', { body: { type: 'apply' } })
    await serve(api.store, retried.body.run.id, 'IN_SERVICE')
    await api.call('DELETE', '/servers/kinds')
    const told = (await audit('serverId=kinds')).reverse()
    expect(told.map(({ action, method, outcome, revision }) => [action, method, outcome, revision])).toEqual([
      ['server:create', 'POST', 'done', 1],
      ['server:update', 'PATCH', 'done', 2],
      ['server:update', 'PUT', 'done', 3],
      ['server:update', 'POST', 'done', 4],
      ['run:create', 'POST', 'done', 4],
      ['server:delete', 'DELETE', 'done', 4],
    ])
    expect(told[1]?.runId).toBe(changed.body.run.id)
    const key = await api.call('POST', '/api-keys', { body: { description: 'a key' } })
    await api.call('DELETE', `/api-keys/${key.body.id}`)
    const keys = (await audit('limit=2')).map(({ action, keyId, outcome }) => [action, keyId, outcome])
    expect(keys).toEqual([
      ['key:revoke', key.body.id, 'done'],
      ['key:create', key.body.id, 'done'],
    ])
  })

  test('is not told of what changes nothing', async () => {
    const before = (await audit()).length
    await api.call('GET', '/servers')
    await api.call('POST', '/servers?dryRun=true', { body: { ...stdio, name: 'dry' } })
    await api.call('POST', '/nothing', { body: {} })
    expect((await audit()).length).toBe(before)
  })

  test('is told as replayed where an Idempotency-Key had done it before', async () => {
    const options = { body: { ...stdio, name: 'replayed' }, headers: { 'idempotency-key': 'replayed' } }
    await api.call('POST', '/servers', options)
    await api.call('POST', '/servers', options)
    expect((await audit('serverId=replayed')).map(({ outcome }) => outcome).sort()).toEqual(['done'])
    expect((await audit('outcome=replayed')).map(({ action }) => action)).toEqual(['server:create'])
  })

  test('holds no word of what was sent', async () => {
    const canary = 'canary-3f1c'
    await api.call('POST', '/servers', { body: { ...stdio, name: 'quiet', description: canary, environment: { A: canary } } })
    const text = JSON.stringify(await audit('serverId=quiet'))
    expect(text).not.toContain(canary)
    expect(text).not.toContain(api.admin.token)
  })
})

describe('what is refused', () => {
  test.each([
    ['nobody', 'UNAUTHENTICATED', async () => api.call('DELETE', '/servers/r1', { token: null }), 'anonymous'],
    ['a definition', 'INVALID_DEFINITION', async () => api.call('POST', '/servers', { body: { ...stdio, name: 'r1', cpu: 1 } }), 'admin'],
    ['a taken name', 'NAME_TAKEN', async () => api.call('POST', '/servers', { body: { ...stdio, name: 'R-1' } }), 'admin'],
    ['a status', 'WRONG_STATUS', async () => api.call('POST', '/servers/r1/runs', { body: { type: 'apply' } }), 'admin'],
    [
      'a precondition',
      'PRECONDITION_FAILED',
      async () => api.call('PATCH', '/servers/r1', { body: { cpu: 512 }, headers: { 'if-match': '"x"' } }),
      'admin',
    ],
    [
      'a body',
      'UNSUPPORTED_MEDIA_TYPE',
      async () => api.call('PUT', '/servers/r1', { body: 'x', headers: { 'content-type': 'a/b' } }),
      'admin',
    ],
  ])('%s is told with its code', async (_what, code, refused, who) => {
    await api.call('POST', '/servers', { body: { ...stdio, name: 'r1' } })
    const { status } = await refused()
    expect(status).toBeGreaterThanOrEqual(400)
    const [entry] = await audit(`serverId=r1&actor=${who === 'admin' ? `key:${api.admin.id}` : who}`)
    expect(entry).toMatchObject({ outcome: 'refused', code })
  })

  test('by group or role is told with who tried', async () => {
    const member = await api.newKey()
    await api.call('DELETE', '/servers/forbidden', { token: member.token })
    expect(await audit(`actor=key:${member.id}`)).toMatchObject([
      { action: 'server:delete', outcome: 'refused', code: 'FORBIDDEN', serverId: 'forbidden' },
    ])
  })
})

describe('a change that cannot be told', () => {
  const broken = async () => {
    const own = await createApi(inject('emulatorUrl'))
    const client = Object.create(own.store.client)
    client.send = (command: { input: { Item?: { pk?: string } } }) =>
      command.input.Item?.pk?.startsWith('AUDIT#') ? Promise.reject(new Error('no audit')) : own.store.client.send(command as never)
    return { ...(await createApi(inject('emulatorUrl'), { store: { ...own.store, client } })), token: own.admin.token }
  }

  test('is not made', async () => {
    const own = await broken()
    const { token } = own
    expect((await own.call('POST', '/servers', { token, body: stdio })).status).toBe(500)
    expect((await own.call('GET', '/servers', { token })).body.items).toEqual([])
  })

  test('is refused as before where it would have been refused', async () => {
    const own = await broken()
    expect((await own.call('DELETE', '/servers/x', { token: null })).status).toBe(401)
    expect(own.logged.map(({ event }) => event)).toContain('audit.lost')
  })

  test('leaves its start where the process dies in the middle', async () => {
    let die: () => void = () => undefined
    const dead = new Promise<never>((_resolve, reject) => {
      die = () => reject(new Error('gone'))
    })
    // It may end before anybody waits for it.
    dead.catch(() => undefined)
    const own = await createApi(inject('emulatorUrl'), { startBuild: () => dead })
    const call = own.call('POST', '/servers', { body: { ...stdio, name: 'dying' } })
    await expect
      .poll(async () => (await own.call('GET', '/audit')).body.items)
      .toMatchObject([{ outcome: 'started', action: 'server:create' }])
    die()
    await call
  })
})

describe('GET /audit', () => {
  test('filters, and comes page by page under a cursor of that filter', async () => {
    const own = await createApi(inject('emulatorUrl'))
    for (let index = 0; index < 7; index += 1) {
      const at = `2026-01-0${index + 1}T00:00:00.000Z`
      const some = { method: 'PATCH', path: '/x', sourceIp: '::1', requestId: 'r', format: 1 as const, actor: 'key:x' }
      const action = index % 2 ? 'server:update' : 'server:delete'
      await putAudit(own.store, { id: String(index), at, action, outcome: 'done', serverId: 'docs', ...some })
    }
    const get = async (query: string) => (await own.call('GET', `/audit?${query}`)).body
    const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id).join('')
    const first = await get('serverId=docs&action=server:update&limit=2')
    const second = await get(`serverId=docs&action=server:update&limit=2&cursor=${first.cursor}`)
    expect([ids(first), ids(second)]).toEqual(['53', '1'])
    expect(ids(await get('from=2026-01-03T01:00:00%2B01:00&to=2026-01-05T00:00:00Z'))).toBe('432')
    expect((await own.call('GET', `/audit?cursor=${first.cursor}`)).status).toBe(400)
  })

  test.each(['action=server:fly', 'outcome=x', 'from=yesterday', 'limit=0'])('refuses %s', async (query) => {
    expect((await api.call('GET', `/audit?${query}`)).status).toBe(400)
  })

  test('is for admins', async () => {
    const member = await api.newKey()
    expect((await api.call('GET', '/audit', { token: member.token })).status).toBe(403)
  })
})
