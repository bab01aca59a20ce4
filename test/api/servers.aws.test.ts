import { beforeAll, describe, expect, inject, test } from 'vitest'
import { readServer } from '../../store/servers.ts'
import { createApi, stdio } from './create-api.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
})

let count = 0
const fresh = () => ({ ...stdio, name: `Server ${++count}` })
const idOf = (definition: { name: string }) => definition.name.toLowerCase().replace(' ', '')

describe('POST /servers', () => {
  test('stores server and run, starts the build of that run and says where to look', async () => {
    const definition = fresh()
    const { status, body, headers } = await api.call('POST', '/servers', { body: definition })
    expect(status).toBe(202)
    expect(body.server).toMatchObject({
      id: idOf(definition),
      name: definition.name,
      status: 'CREATING',
      revision: 1,
      lastRunId: body.run.id,
    })
    expect(body.run).toMatchObject({ type: 'apply', status: 'QUEUED', revision: 1, serverId: body.server.id })
    expect(headers.get('location')).toBe(`https://gantry.example.com/live/servers/${body.server.id}`)
    expect(api.started).toContain(body.run.id)
    const run = await api.call('GET', `/runs/${body.run.id}`)
    expect(run.body.buildId).toBe(`gantry-test-runner:${body.run.id}`)
  })

  test('answers 202 and leaves the run queued where CodeBuild throttles', async () => {
    const throttled = await createApi(inject('emulatorUrl'), {
      startBuild: async () => {
        throw Object.assign(new Error('too many builds'), { name: 'AccountLimitExceededException' })
      },
    })
    const { status, body } = await throttled.call('POST', '/servers', { body: stdio })
    expect([status, body.run.status]).toEqual([202, 'QUEUED'])
    const events = await throttled.call('GET', `/runs/${body.run.id}/events`)
    expect(events.body.events.map(({ type }: { type: string }) => type)).toEqual(['run.queued', 'run.start-failed'])
    expect(events.text).not.toContain('too many builds')
  })

  test.each([
    ['an unknown field', { ...stdio, colour: 'red' }, 'colour'],
    ['an unknown nested field', { ...stdio, autoScalingConfig: { minCapacity: 1, maxCapacity: 1, pace: 1 } }, 'autoScalingConfig.pace'],
    ['a missing field', { name: 'x' }, 'serverType'],
    ['a wrong type', { ...stdio, cpu: 'big' }, 'cpu'],
    ['a rule broken', { ...stdio, cpu: 256, memoryLimitMiB: 4096 }, 'memoryLimitMiB'],
    ['what this platform has not', { ...stdio, s3Path: 's3://another-bucket/x' }, 's3Path'],
    ['a key that would be a prototype', `{"name":"x","serverType":"stdio","startCommand":"x","__proto__":{}}`, '__proto__'],
    [
      'such a key deeper down',
      `{"name":"x","serverType":"stdio","startCommand":"x","environment":{"__proto__":"x"}}`,
      'environment.__proto__',
    ],
  ])('refuses %s with 422 and its path', async (_what, body, path) => {
    const answer = await api.call('POST', '/servers', { body })
    expect([answer.status, answer.body.code]).toEqual([422, 'INVALID_DEFINITION'])
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  })

  test.each(['null', '[]', '"x"', '1', '{}'])('refuses the body %s with 422', async (body) => {
    expect((await api.call('POST', '/servers', { body })).status).toBe(422)
  })

  test.each([
    ['', 'INVALID_JSON'],
    ['{', 'INVALID_JSON'],
    ['{"name":"x",}', 'INVALID_JSON'],
  ])('refuses the body %j with 400', async (body, code) => {
    const answer = await api.call('POST', '/servers', { body })
    expect([answer.status, answer.body.code]).toEqual([400, code])
  })

  test('refuses another spelling of a taken name with 409 and leaves nothing behind', async () => {
    const first = await api.call('POST', '/servers', { body: { ...stdio, name: 'Docs-MCP' } })
    const second = await api.call('POST', '/servers', { body: { ...stdio, name: 'docs_mcp' } })
    expect([second.status, second.body.code]).toEqual([409, 'NAME_TAKEN'])
    expect(second.body.errors[0].path).toBe('name')
    const runs = await api.call('GET', '/runs?serverId=docsmcp')
    expect(runs.body.items.map(({ id }: { id: string }) => id)).toEqual([first.body.run.id])
  })

  test('lets exactly one of two creates of one name win', async () => {
    const definition = fresh()
    const answers = await Promise.all(Array.from({ length: 4 }, () => api.call('POST', '/servers', { body: definition })))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409])
    const runs = await api.call('GET', `/runs?serverId=${idOf(definition)}`)
    expect(runs.body.items).toHaveLength(1)
  })
})

describe('POST /servers?dryRun=true', () => {
  test('answers what would be made and stores nothing', async () => {
    const definition = fresh()
    const { status, body } = await api.call('POST', '/servers?dryRun=true', { body: definition })
    expect(status).toBe(200)
    expect(body.definition).toMatchObject({ ...definition, cpu: 256 })
    expect(body.resources).toEqual(['aws_ecs_service.service'])
    expect(Object.keys(body.terraform)).toEqual(['cdk.tf.json'])
    expect(await readServer(api.store, idOf(definition))).toBeUndefined()
  })

  test('refuses what a create would refuse', async () => {
    expect((await api.call('POST', '/servers?dryRun=true', { body: { ...stdio, colour: 1 } })).status).toBe(422)
    const maybe = await api.call('POST', '/servers?dryRun=maybe', { body: stdio })
    expect([maybe.status, maybe.body.errors[0].path]).toEqual([400, 'dryRun'])
  })
})

describe('Idempotency-Key', () => {
  const headers = (key: string) => ({ 'idempotency-key': key })

  test('replays the first answer to the same request', async () => {
    const options = { body: fresh(), headers: headers('one') }
    const first = await api.call('POST', '/servers', options)
    const again = await api.call('POST', '/servers', options)
    expect([again.status, again.text]).toEqual([202, first.text])
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(api.started.filter((id) => id === first.body.run.id)).toHaveLength(1)
  })

  test('refuses the same key for another body', async () => {
    await api.call('POST', '/servers', { body: fresh(), headers: headers('two') })
    const other = await api.call('POST', '/servers', { body: fresh(), headers: headers('two') })
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED'])
  })

  test('answers 409 while the first call is under way', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const waiting = await createApi(inject('emulatorUrl'), {
      startBuild: async () => {
        await held
        return 'build'
      },
    })
    const options = { body: stdio, headers: headers('three') }
    const first = waiting.call('POST', '/servers', options)
    await expect.poll(() => readServer(waiting.store, 'everything')).toBeDefined()
    const second = await waiting.call('POST', '/servers', options)
    expect([second.status, second.body.code]).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS'])
    release()
    expect((await first).status).toBe(202)
  })

  test('frees the key of a refused call', async () => {
    const bad = await api.call('POST', '/servers', { body: { ...stdio, colour: 1 }, headers: headers('four') })
    const good = await api.call('POST', '/servers', { body: fresh(), headers: headers('four') })
    expect([bad.status, good.status]).toEqual([422, 202])
  })

  test('belongs to its caller', async () => {
    const other = await api.newKey({ admin: true })
    await api.call('POST', '/servers', { body: fresh(), headers: headers('five') })
    expect((await api.call('POST', '/servers', { token: other.token, body: fresh(), headers: headers('five') })).status).toBe(202)
  })

  test.each(['', 'a b', 'x'.repeat(256), 'ä'])('must be visible ASCII: %j', async (key) => {
    expect((await api.call('POST', '/servers', { body: fresh(), headers: headers(key) })).status).toBe(400)
  })
})

describe('GET /servers', () => {
  test('shows a member the servers of their groups, also page by page, and hides the rest as 404', async () => {
    const own = await createApi(inject('emulatorUrl'))
    for (const [name, groups] of [
      ['open', []],
      ['a1', ['a']],
      ['b1', ['b']],
      ['a2', ['group:a', 'b']],
      ['a3', ['a']],
    ] as const)
      await own.call('POST', '/servers', { body: { ...stdio, name, groups } })
    const member = await own.newKey({ groups: ['group:a'] })
    const seen: string[] = []
    let cursor: string | undefined = ''
    while (cursor !== undefined) {
      const page = await own.call('GET', `/servers?limit=2${cursor && `&cursor=${cursor}`}`, { token: member.token })
      expect(page.body.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.body.items.map(({ id }: { id: string }) => id))
      cursor = page.body.cursor
    }
    expect(seen).toEqual(['a1', 'a2', 'a3', 'open'])
    expect((await own.call('GET', '/servers/b1', { token: member.token })).status).toBe(404)
    expect((await own.call('GET', '/servers/a1', { token: member.token })).body.definition).toBeUndefined()
    expect((await own.call('GET', '/servers')).body.items).toHaveLength(5)
  })

  test('refuses a cursor that was changed, or given out by another list', async () => {
    const page = await api.call('GET', '/servers?limit=1')
    const cursor: string = page.body.cursor
    const changed = `${cursor.slice(0, -3)}${cursor.at(-3) === 'A' ? 'B' : 'A'}${cursor.slice(-2)}`
    for (const path of [
      `/servers?cursor=${changed}`,
      `/servers?cursor=x`,
      `/runs?cursor=${cursor}`,
      '/servers?limit=0',
      '/servers?limit=x',
    ]) {
      const answer = await api.call('GET', path)
      expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'INVALID_REQUEST'])
    }
  })

  test('answers one server with its edge, its last run, its definition and an entity tag', async () => {
    const definition = fresh()
    await api.call('POST', '/servers', { body: definition })
    const { body, headers } = await api.call('GET', `/servers/${idOf(definition)}`)
    expect(body).toMatchObject({ id: idOf(definition), definition, edge: { edge: 'alb', streams: true }, lastRun: { status: 'QUEUED' } })
    const tag = headers.get('etag') ?? ''
    expect((await api.call('GET', `/servers/${body.id}`, { headers: { 'if-none-match': tag } })).status).toBe(304)
    expect((await api.call('GET', `/servers/${body.id}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  test.each(['nothing', 'Everything', '__proto__', 'a%2Fb', '%00', 'x'.repeat(3000)])('answers 404 for /servers/%s', async (id) => {
    expect((await api.call('GET', `/servers/${id}`)).status).toBe(404)
  })
})

test('an Idempotency-Key that cannot be one is refused in a dry run too', async () => {
  const headers = { 'idempotency-key': 'k'.repeat(256) }
  const { status, body } = await api.call('POST', '/servers?dryRun=true', { body: { ...stdio, name: 'dry' }, headers })
  expect([status, body.code]).toEqual([400, 'INVALID_REQUEST'])
})
