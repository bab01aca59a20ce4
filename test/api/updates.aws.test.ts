import { beforeAll, describe, expect, inject, test } from 'vitest'
import { readRevision } from '../../store/revisions.ts'
import { readServer } from '../../store/servers.ts'
import { createApi, stdio } from './create-api.ts'
import { serve } from './serve.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
})

let count = 0
async function hosted(to?: 'IN_SERVICE' | 'FAILED' | 'APPLYING', fields: object = {}): Promise<{ id: string; runId: string }> {
  const { body } = await api.call('POST', '/servers', { body: { ...stdio, name: `u${++count}`, ...fields } })
  if (to) await serve(api.store, body.run.id, to)
  return { id: body.server.id, runId: body.run.id }
}

const patch = (id: string, body: unknown, headers: Record<string, string> = {}) => api.call('PATCH', `/servers/${id}`, { body, headers })
const definitionOf = async (id: string) => (await api.call('GET', `/servers/${id}`)).body.definition

describe('PATCH /servers/{id}', () => {
  test('merges into the definition as it was sent, stores a revision and starts its run', async () => {
    const { id } = await hosted('IN_SERVICE', { environment: { A: '1', B: '2' }, description: 'old' })
    const body = { environment: { B: null, C: '3' }, description: null, cpu: 512, memoryLimitMiB: 1024 }
    const answer = await patch(id, body, { 'content-type': 'application/merge-patch+json' })
    expect(answer.status).toBe(202)
    expect(answer.body.server).toMatchObject({ id, status: 'IN_SERVICE', revision: 2, appliedRevision: 1 })
    expect(answer.body.run).toMatchObject({ type: 'apply', status: 'QUEUED', revision: 2 })
    expect(answer.headers.get('location')).toBe(`https://gantry.example.com/live/runs/${answer.body.run.id}`)
    expect(api.started).toContain(answer.body.run.id)
    expect(await definitionOf(id)).toEqual({
      name: id,
      serverType: 'stdio',
      startCommand: stdio.startCommand,
      environment: { A: '1', C: '3' },
      cpu: 512,
      memoryLimitMiB: 1024,
    })
  })

  test.each([
    ['a broken rule', { cpu: 512 }, 'memoryLimitMiB'],
    ['an unknown field', { colour: 'red' }, 'colour'],
    ['a required field removed', { serverType: null }, 'serverType'],
    ['the name removed', { name: null }, 'name'],
    ['another name', { name: 'other' }, 'name'],
    ['another spelling of the name', { name: 'U 1' }, 'name'],
    ['a prototype', '{"__proto__":{"cpu":512}}', '__proto__'],
    ['what the platform has not', { s3Path: 's3://another-bucket/x' }, 's3Path'],
  ])('refuses %s with its path and stores nothing', async (_what, body, path) => {
    const { id } = await hosted('IN_SERVICE')
    const answer = await patch(id, body)
    expect([answer.status, answer.body.code]).toEqual([422, 'INVALID_DEFINITION'])
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path)
    expect((await readServer(api.store, id))?.revision).toBe(1)
  })

  test.each([
    [{}, ''],
    ['null', ''],
    ['[]', ''],
    [{ enabled: 'no' }, 'enabled'],
    [{ enabled: null }, 'enabled'],
    [{ enabled: false, autoScalingConfig: { minCapacity: 2, maxCapacity: 3 } }, 'autoScalingConfig'],
  ])('refuses %j, saying what is expected', async (body, path) => {
    const { id } = await hosted('IN_SERVICE')
    const answer = await patch(id, body)
    expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([422, 'INVALID_BODY', path])
    expect(answer.body.errors[0].message).toContain('expected')
  })

  test('keeps the name it has, and takes it beside other fields', async () => {
    const { id } = await hosted('IN_SERVICE')
    expect((await patch(id, { name: id, description: 'new' })).status).toBe(202)
  })

  test('refuses another kind of body with 415', async () => {
    const { id } = await hosted()
    expect((await patch(id, '{}', { 'content-type': 'application/json-patch+json' })).status).toBe(415)
  })

  test('supersedes a run that waits: the newest revision is the one that will run', async () => {
    const { id, runId } = await hosted()
    const answer = await patch(id, { description: 'second thoughts' })
    expect([answer.status, answer.body.server.status]).toEqual([202, 'CREATING'])
    expect((await api.call('GET', `/runs/${runId}`)).body.status).toBe('SUPERSEDED')
    const { body } = await api.call('GET', `/runs/${runId}/events`)
    expect(body.events.at(-1)).toMatchObject({ type: 'run.superseded', message: expect.stringContaining('Revision 2') })
  })

  test('refuses a server that a run is applying, and says what to do', async () => {
    const { id, runId } = await hosted('APPLYING')
    const answer = await patch(id, { description: 'x' })
    expect([answer.status, answer.body.code]).toEqual([409, 'WRONG_STATUS'])
    expect(answer.body.detail).toContain(`wait until run ${runId}`)
  })

  test('keeps both of two changes of different fields made at once', async () => {
    const { id } = await hosted('IN_SERVICE')
    const answers = await Promise.all([
      patch(id, { description: 'both' }),
      patch(id, { stickiness: true }),
      patch(id, { tags: { a: 'b' } }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    expect(await definitionOf(id)).toMatchObject({ description: 'both', stickiness: true, tags: { a: 'b' } })
  })

  test('is for admins, and there is no server that does not exist', async () => {
    const { id } = await hosted('IN_SERVICE')
    const member = await api.newKey()
    const refused = await api.call('PATCH', `/servers/${id}`, { token: member.token, body: { description: 'x' } })
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN'])
    expect((await patch('nothing', { description: 'x' })).status).toBe(404)
  })
})

describe('enabled', () => {
  test('false stops without touching the definition, true starts with the same scaling', async () => {
    const autoScalingConfig = { minCapacity: 2, maxCapacity: 5, targetValue: 50 }
    const { id } = await hosted('IN_SERVICE', { autoScalingConfig })
    const stop = await patch(id, { enabled: false })
    expect(stop.status).toBe(202)
    const { serverUid } = stop.body.run
    expect(await readRevision(api.store, id, serverUid, 2)).toMatchObject({ enabled: false, definition: { autoScalingConfig } })
    await serve(api.store, stop.body.run.id, 'STOPPED')
    expect((await api.call('GET', `/servers/${id}`)).body).toMatchObject({ status: 'STOPPED', enabled: false })
    const start = await patch(id, { enabled: true })
    expect(await readRevision(api.store, id, serverUid, 3)).toMatchObject({ enabled: true, definition: { autoScalingConfig } })
    await serve(api.store, start.body.run.id, 'IN_SERVICE')
    expect((await api.call('GET', `/servers/${id}`)).body).toMatchObject({ status: 'IN_SERVICE', enabled: true })
  })

  test('what it is already is refused, and the retry named', async () => {
    const { id } = await hosted('IN_SERVICE')
    const answer = await patch(id, { enabled: true })
    expect([answer.status, answer.body.code]).toEqual([409, 'WRONG_STATUS'])
    expect(answer.body.detail).toContain(`POST /servers/${id}/runs`)
  })

  test('stays false over updates that do not name it', async () => {
    const { id } = await hosted('IN_SERVICE')
    const { body } = await patch(id, { enabled: false })
    await serve(api.store, body.run.id, 'STOPPED')
    await patch(id, { description: 'still stopped' })
    expect((await api.call('GET', `/servers/${id}`)).body).toMatchObject({ revision: 3, enabled: false })
    await api.call('PUT', `/servers/${id}`, { body: { ...stdio, name: id } })
    expect((await api.call('GET', `/servers/${id}`)).body).toMatchObject({ revision: 4, enabled: false })
  })

  test('false needs no definition that would be accepted today', async () => {
    const { id } = await hosted('IN_SERVICE', { loadBalancer: { mode: 'dedicated' } })
    const { contract } = api.ports
    const narrower = await createApi(inject('emulatorUrl'), {
      store: api.store,
      contract: async () => ({ ...(await contract()), edge: 'nlb' }),
    })
    const call = (body: object) => narrower.call('PATCH', `/servers/${id}`, { token: api.admin.token, body })
    expect((await call({ description: 'x' })).status).toBe(422)
    expect((await call({ enabled: false })).status).toBe(202)
  })
})

describe('PUT /servers/{id}', () => {
  test('replaces the whole definition', async () => {
    const { id } = await hosted('IN_SERVICE', { description: 'old', environment: { A: '1' } })
    const { status } = await api.call('PUT', `/servers/${id}`, { body: { name: id, serverType: 'http', image: 'ghcr.io/x/y:1' } })
    expect(status).toBe(202)
    expect(await definitionOf(id)).toEqual({ name: id, serverType: 'http', image: 'ghcr.io/x/y:1' })
  })

  test('refuses to start or stop and to scale at once, but takes the scaling as it is', async () => {
    const autoScalingConfig = { minCapacity: 2, maxCapacity: 5 }
    const { id } = await hosted('IN_SERVICE', { autoScalingConfig })
    const whole = { ...stdio, name: id, enabled: false }
    const refused = await api.call('PUT', `/servers/${id}`, { body: { ...whole, autoScalingConfig: { minCapacity: 1, maxCapacity: 1 } } })
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'autoScalingConfig'])
    expect((await api.call('PUT', `/servers/${id}`, { body: whole })).status).toBe(422)
    expect((await api.call('PUT', `/servers/${id}`, { body: { ...whole, autoScalingConfig } })).status).toBe(202)
  })

  test('needs every required field', async () => {
    const { id } = await hosted('IN_SERVICE')
    const { status, body } = await api.call('PUT', `/servers/${id}`, { body: { name: id } })
    expect([status, body.errors[0].path]).toEqual([422, 'serverType'])
  })
})

describe('If-Match', () => {
  test('lets the reader of the newest revision through, and nobody who read an older one', async () => {
    const { id } = await hosted()
    const tag = (await api.call('GET', `/servers/${id}`)).headers.get('etag') ?? ''
    const first = await patch(id, { description: 'first' }, { 'if-match': tag })
    expect(first.status).toBe(202)
    const late = await patch(id, { description: 'late' }, { 'if-match': tag })
    expect([late.status, late.body.code]).toEqual([412, 'PRECONDITION_FAILED'])
    expect(late.body.detail).toContain('revision 2')
    const chained = await patch(id, { description: 'chained' }, { 'if-match': first.headers.get('etag') ?? '' })
    expect(chained.status).toBe(202)
  })

  test('does not mind that a run ended since', async () => {
    const { id, runId } = await hosted()
    const tag = (await api.call('GET', `/servers/${id}`)).headers.get('etag') ?? ''
    await serve(api.store, runId, 'IN_SERVICE')
    expect((await patch(id, { description: 'x' }, { 'if-match': tag })).status).toBe(202)
  })

  test('of two changes at once with one tag exactly one is made', async () => {
    const { id } = await hosted('IN_SERVICE')
    const tag = (await api.call('GET', `/servers/${id}`)).headers.get('etag') ?? ''
    const answers = await Promise.all(['a', 'b', 'c'].map((description) => patch(id, { description }, { 'if-match': tag })))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 412, 412])
  })
})
