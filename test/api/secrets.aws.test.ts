import { beforeAll, expect, inject, test } from 'vitest'
import { readServer, updateServer } from '../../store/servers.ts'
import { writeAll } from '../../store/transaction.ts'
import { createApi, stdio } from './create-api.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
})

const canary = 'canary-5f0d2b7c'
let count = 0

/** A server with one managed secret, TOKEN; never applied. */
async function create(): Promise<{ id: string; key: string }> {
  const name = `Secret ${++count}`
  const { status, body } = await api.call('POST', '/servers', { body: { ...stdio, name, secrets: { TOKEN: { managed: true } } } })
  expect(status).toBe(202)
  return { id: body.server.id, key: `gantry/test/${body.server.id}/${body.server.uid}/TOKEN` }
}

async function settle(id: string): Promise<void> {
  const { uid = '' } = (await readServer(api.store, id)) ?? {}
  await writeAll(api.store, [updateServer(api.store, id, { status: 'IN_SERVICE', appliedRevision: 1 }, { uid })])
}

const put = (id: string, body: unknown = { value: canary }, { name = 'TOKEN', search = '', ...more } = {}) =>
  api.call('PUT', `/servers/${id}/secrets/${name}${search}`, { body, ...more })

test('a managed secret is made without a value when a definition first names it', async () => {
  const { key } = await create()
  expect([api.secrets.has(key), api.secrets.get(key)]).toEqual([true, undefined])
})

test('a value goes to the secret of this life of the server, and is in no reply, item or log line', async () => {
  const { id, key } = await create()
  const { status, text } = await put(id)
  expect([status, text, api.secrets.get(key)]).toEqual([204, '', canary])
  for (const path of [`/servers/${id}`, '/servers', '/runs']) expect((await api.call('GET', path)).text).not.toContain(canary)
  expect(JSON.stringify(api.logged)).not.toContain(canary)
})

test.each([
  ['no JSON', `{"value":"${canary}"`, 400],
  ['a number', { value: 5 }, 422],
  ['nothing', { value: '' }, 422],
  ['too much', { value: canary.repeat(10_000) }, 422],
  ['another field', { value: canary, note: canary }, 422],
])('%s is refused without quoting it', async (_, body, status) => {
  const { id, key } = await create()
  const refused = await put(id, body)
  expect([refused.status, api.secrets.get(key)]).toEqual([status, undefined])
  expect(refused.text).not.toContain(canary)
})

test('a secret that the newest revision does not manage does not exist', async () => {
  const { id } = await create()
  const { status, body } = await put(id, undefined, { name: 'OTHER' })
  expect([status, body.code, body.detail]).toEqual([404, 'NOT_FOUND', expect.stringContaining('it has TOKEN')])
  expect((await put('nobody')).status).toBe(404)
})

test('only an admin sets values', async () => {
  const { id, key } = await create()
  const member = await api.newKey({ groups: [] })
  expect((await put(id, undefined, { token: member.token } as object)).status).toBe(403)
  expect(api.secrets.get(key)).toBeUndefined()
})

test('roll=true replaces the tasks of a server that runs', async () => {
  const { id } = await create()
  await settle(id)
  expect((await put(id, undefined, { search: '?roll=true' })).status).toBe(204)
  expect(api.rolled).toEqual([id])
})

test('roll=true of a server without tasks is refused, and nothing is written', async () => {
  const { id, key } = await create()
  const { status, body } = await put(id, undefined, { search: '?roll=true' })
  expect([status, body.code, api.secrets.get(key)]).toEqual([409, 'WRONG_STATUS', undefined])
  expect(body.detail).toContain('without roll')
})

test('a server that is withdrawn takes its secrets along', async () => {
  const { id, key } = await create()
  expect((await api.call('DELETE', `/servers/${id}`)).status).toBe(202)
  expect(api.secrets.has(key)).toBe(false)
})
