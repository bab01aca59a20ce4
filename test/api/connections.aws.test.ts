import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createApi, stdio } from './create-api.ts'
import { serve } from './serve.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
  for (const [name, groups] of [
    ['open', []],
    ['a1', ['a']],
    ['b1', ['b']],
    ['a2', ['a', 'b']],
  ] as const) {
    const { body } = await api.call('POST', '/servers', { body: { ...stdio, name, groups } })
    await serve(api.store, body.run.id, 'IN_SERVICE')
  }
  await api.call('POST', '/servers', { body: { ...stdio, name: 'unproven' } })
})

const idsOf = (body: { items: { serverId: string }[] }) => body.items.map(({ serverId }) => serverId)

describe('GET /connections', () => {
  test('gives a member what they may call, with their own token', async () => {
    const member = await api.newKey({ groups: ['group:a'] })
    const { status, body, headers } = await api.call('GET', '/connections', { token: member.token })
    expect([status, idsOf(body), headers.get('cache-control')]).toEqual([200, ['a1', 'a2', 'open'], 'no-store'])
    expect(body.items[0]).toMatchObject({
      name: 'a1',
      status: 'IN_SERVICE',
      url: 'https://gantry.example.com/live/mcp/a1/mcp',
      headers: { Authorization: `Bearer ${member.token}` },
    })
    for (const snippet of Object.values(body.items[0].snippets)) expect(snippet).toContain(member.token)
  })

  test('gives an admin all that a run has proven', async () => {
    expect(idsOf((await api.call('GET', '/connections')).body)).toEqual(['a1', 'a2', 'b1', 'open'])
  })

  test('shows a placeholder instead of the token where it is asked to', async () => {
    const { text, body } = await api.call('GET', '/connections?showPlaceholder=1')
    expect(text).not.toContain(api.admin.token)
    expect(body.items[0].headers).toEqual({ Authorization: 'Bearer {GANTRY_BEARER_TOKEN}' })
    for (const snippet of Object.values(body.items[0].snippets)) expect(snippet).toContain('{GANTRY_BEARER_TOKEN}')
  })

  test('comes page by page', async () => {
    const first = await api.call('GET', '/connections?limit=3')
    const second = await api.call('GET', `/connections?limit=3&cursor=${first.body.cursor}`)
    expect([...idsOf(first.body), ...idsOf(second.body)]).toEqual(['a1', 'a2', 'b1', 'open'])
  })

  test("is nothing for nobody, nor for a run's own key", async () => {
    expect((await api.call('GET', '/connections', { token: null })).status).toBe(401)
    const runKey = await api.newKey({ onlyServer: { id: 'open', uid: 'x' } })
    expect((await api.call('GET', '/connections', { token: runKey.token })).status).toBe(403)
  })
})
