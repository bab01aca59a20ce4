import { beforeAll, describe, expect, inject, test } from 'vitest'
import { mintKey } from '../../access/mint-key.ts'
import { revokeKey } from '../../store/keys.ts'
import { createApi, stdio } from './create-api.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
  await api.call('POST', '/servers', { body: { ...stdio, name: 'closed', groups: ['a'] } })
})

const calls = [
  ['POST', '/servers'],
  ['POST', '/servers?dryRun=perhaps'],
  ['GET', '/servers'],
  ['GET', '/servers/closed'],
  ['DELETE', '/servers/closed'],
  ['DELETE', '/servers/nothing'],
  ['GET', '/runs'],
  ['GET', '/runs/nothing'],
  ['GET', '/runs/nothing/events?after=x'],
  ['GET', '/runs/nothing/plan.txt'],
  ['GET', '/runs/nothing/terraform'],
  ['POST', '/api-keys'],
  ['GET', '/api-keys'],
  ['DELETE', '/api-keys/nothing'],
] as const
const adminOnly = calls.filter(([method, path]) => method !== 'GET' || !path.startsWith('/servers'))

describe('the control plane', () => {
  test.each(calls)('answers %s %s without a valid key 401, before anything else', async (method, path) => {
    const revoked = await api.newKey({ admin: true })
    await revokeKey(api.store, revoked.id)
    const expired = await api.newKey({ admin: true, expiresAt: new Date(Date.now() - 1).toISOString() })
    const wrong = mintKey({ description: '', admin: true, groups: [], createdBy: 'x', createdAt: '' })
    for (const token of [null, '', 'x', wrong.token, revoked.token, expired.token]) {
      const answer = await api.call(method, path, { token, ...(method === 'POST' && { body: '{' }) })
      expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED'])
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  test.each(adminOnly)("answers %s %s with a member's key 403, before it looks at what was sent", async (method, path) => {
    const member = await api.newKey({ groups: ['group:a'] })
    const answer = await api.call(method, path, { token: member.token, ...(method === 'POST' && { body: '{' }) })
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN'])
  })

  test("opens nothing to a run's own key", async () => {
    const { body } = await api.call('GET', '/servers/closed')
    const own = await api.newKey({ admin: true, onlyServer: { id: 'closed', uid: body.uid } })
    for (const [method, path] of calls) {
      const { status } = await api.call(method, path, { token: own.token })
      expect([path, status]).toEqual([path, path === '/servers/closed' && method === 'GET' ? 404 : 403])
    }
  })

  test('stops a revoked key with the next call', async () => {
    const { id, token } = await api.newKey({ admin: true })
    expect((await api.call('GET', '/servers', { token })).status).toBe(200)
    expect((await api.call('DELETE', `/api-keys/${id}`)).status).toBe(204)
    expect((await api.call('GET', '/servers', { token })).status).toBe(401)
  })
})

describe('/api-keys', () => {
  test('shows a new key once, and never its hash', async () => {
    const created = await api.call('POST', '/api-keys', { body: { description: 'CI', groups: ['a', 'group:a', ' b '] } })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({
      description: 'CI',
      admin: false,
      groups: ['group:a', 'group:b'],
      createdBy: `key:${api.admin.id}`,
    })
    const lifetimeDays = (Date.parse(created.body.expiresAt) - Date.parse(created.body.createdAt)) / 86_400_000
    expect(lifetimeDays).toBe(90)
    expect((await api.call('GET', '/servers/closed', { token: created.body.token })).status).toBe(200)
    const list = await api.call('GET', '/api-keys')
    expect(list.body.items.map(({ id }: { id: string }) => id)).toContain(created.body.id)
    expect(list.text).not.toMatch(/secret|sha256|gantry_/i)
  })

  test('repeats an answer for an Idempotency-Key without the token', async () => {
    const options = { body: { description: 'CI' }, headers: { 'idempotency-key': 'k' } }
    const first = await api.call('POST', '/api-keys', options)
    const again = await api.call('POST', '/api-keys', options)
    expect(first.body.token).toMatch(/^gantry_/)
    const { token: _, ...rest } = first.body
    expect(again.body).toEqual(rest)
  })

  test.each([
    [{}, 'description'],
    [{ description: ' ' }, 'description'],
    [{ description: 'x', colour: 1 }, 'colour'],
    [{ description: 'x', groups: ['a', ''] }, 'groups[1]'],
    [{ description: 'x', admin: 'yes' }, 'admin'],
    [{ description: 'x', expiresInSeconds: 1 }, 'expiresInSeconds'],
    [{ description: 'x', expiresInSeconds: 1e9 }, 'expiresInSeconds'],
    ['{"description":"x","__proto__":{"admin":true}}', '__proto__'],
  ])('refuses %j with 422 and the path', async (body, path) => {
    const answer = await api.call('POST', '/api-keys', { body })
    expect([answer.status, answer.body.code]).toEqual([422, 'INVALID_BODY'])
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toEqual([path])
  })

  test('revokes a key once and for all, and knows which do not exist', async () => {
    const { id } = await api.newKey()
    expect((await api.call('DELETE', `/api-keys/${id}`)).status).toBe(204)
    expect((await api.call('DELETE', `/api-keys/${id}`)).status).toBe(204)
    expect((await api.call('DELETE', '/api-keys/nothing')).status).toBe(404)
  })
})
