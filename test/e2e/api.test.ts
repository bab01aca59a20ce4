import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { Run, RunEvent } from '../../schema/run.ts'
import { type Accepted, type Answer, controlPlane } from '../support/control-plane.ts'
import { readEventStream, type StreamedEvents } from '../support/event-source.ts'
import { listResources, nothing } from '../support/list-resources.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const words = 'words-of-the-user'
const definition = (name: string) => ({
  name,
  description: words,
  serverType: 'stdio',
  startCommand: tinyServer(words),
  environment: { WORDS: words },
  tags: { words },
})
const post = <T>(body: unknown, headers: Record<string, string> = {}, query = '') =>
  gantry.call<T>('POST', `/servers${query}`, body, headers)

describe('two creates of one name at once', () => {
  const spellings = ['Raced-MCP', 'raced_mcp']
  let answers: Answer<Accepted>[]
  let winner: number
  let run: Run
  let events: RunEvent[]
  let streamed: StreamedEvents
  let stored: string[]

  beforeAll(async () => {
    answers = await Promise.all(spellings.map((name, index) => post<Accepted>(definition(name), { 'idempotency-key': `race-${index}` })))
    winner = answers.findIndex(({ status }) => status === 202)
    stored = (await listResources(sandbox, 'racedmcp')).stored
    const { id } = (answers[winner] as Answer<Accepted>).body.run
    const [followed, stream] = await Promise.all([gantry.follow(id), readEventStream(`${sandbox.url}/runs/${id}/events`, sandbox.adminKey)])
    run = followed.run
    events = followed.events
    streamed = stream
  })
  afterAll(async () => {
    await gantry.remove('racedmcp')
  })

  it('have one winner, and nothing of the loser', async () => {
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
    expect(answers[1 - winner]?.body).toMatchObject({ code: 'NAME_TAKEN' })
    expect(stored.filter((item) => item.includes('#'))).toEqual([
      'NAME#racedmcp CLAIM',
      expect.stringMatching(/^SERVER#racedmcp REVISION#.*#00001$/),
      'SERVER#racedmcp SERVER',
    ])
    const { body } = await gantry.call<{ items: Run[] }>('GET', '/runs?serverId=racedmcp')
    expect(body.items.map(({ id }) => id)).toEqual([run.id])
    expect(run).toMatchObject({ status: 'SUCCEEDED' })
  })

  it('leave the name taken in every spelling', async () => {
    const { status, body } = await post<Problem>(definition('RACED mcp'))
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'NAME_TAKEN' })
  })

  it('answer the same request with the same Idempotency-Key as the first time', async () => {
    const key = { 'idempotency-key': `race-${winner}` }
    const again = await post<Accepted>(definition(spellings[winner] as string), key)
    expect(again).toMatchObject({ status: 202, body: answers[winner]?.body })
    expect(again.headers.get('location')).toBe(answers[winner]?.headers.get('location'))
    expect(await post(definition('Another'), key)).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })

  it('tell the same timeline as server-sent events, from anywhere in it', async () => {
    expect(streamed).toMatchObject({ status: 200, contentType: expect.stringContaining('text/event-stream'), end: { status: 'SUCCEEDED' } })
    expect(streamed.events).toEqual(events)
    const url = `${sandbox.url}/runs/${run.id}/events`
    expect((await readEventStream(url, sandbox.adminKey, 3)).events).toEqual(events.slice(3))
    expect((await readEventStream(url, sandbox.adminKey, events.length)).status, 'ends a client that comes again').toBe(204)
  })

  it('have no word of the user in the stack, and all of them in its variables', async () => {
    const { body } = await gantry.call<{ files: { path: string; content: string }[] }>('GET', `/runs/${run.id}/terraform`)
    const content = (name: string) => body.files.find(({ path }) => path === name)?.content ?? ''
    expect(content('cdk.tf.json')).toContain('aws_ecs_service')
    expect(content('cdk.tf.json')).not.toContain(words)
    expect(content('server.auto.tfvars.json')).toContain(words)
    const plan = await gantry.call<string>('GET', `/runs/${run.id}/plan.txt`)
    expect(plan.body).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/)
  })
})

it('dryRun answers with the Terraform and its resources, and stores nothing', async () => {
  const { status, body } = await post<{ terraform: object; resources: string[] }>(definition('Dry'), {}, '?dryRun=true')
  expect(status).toBe(200)
  expect(body.resources).toContainEqual(expect.stringMatching(/^aws_ecs_service\./))
  expect(body.terraform).toMatchObject({ 'cdk.tf.json': { resource: { aws_ecs_service: {} } } })
  expect(await listResources(sandbox, 'dry')).toEqual(nothing)
  expect((await gantry.call<{ items: Run[] }>('GET', '/runs?serverId=dry')).body.items).toEqual([])
})

const good = definition('Bad')
it.each<[string, number, string, unknown, Record<string, string>?]>([
  ['is not JSON', 400, 'INVALID_JSON', '{"name":'],
  // Its connection is closed under it, which no other call should meet.
  ['is too large', 413, 'BODY_TOO_LARGE', { ...good, description: 'x'.repeat(300_000) }, { connection: 'close' }],
  ['is of another content type', 415, 'UNSUPPORTED_MEDIA_TYPE', JSON.stringify(good), { 'content-type': 'text/plain' }],
  ['is no object', 422, 'INVALID_DEFINITION', '[]'],
])('refuses a body that %s', async (_, status, code, body, headers) => {
  const answer = await post<Problem>(body, headers)
  expect(answer).toMatchObject({ status, body: { code, requestId: expect.any(String) } })
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
})

it('refuses wrong types and unknown fields, all at once and each with its path', async () => {
  const { status, body } = await post<Problem>({ ...good, cpu: 'many', environment: { A: 1 }, colour: 'red' })
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'INVALID_DEFINITION' })
  expect(body.errors?.map(({ path }) => path).sort()).toEqual(['colour', 'cpu', 'environment.A'])
})

it('has an OpenAPI 3.1 description that is valid, and readable docs', async () => {
  const { body } = await gantry.call<Record<string, unknown>>('GET', '/openapi.json')
  const validator = new Validator()
  expect(await validator.validate(body)).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
  const docs = await gantry.call<string>('GET', '/docs')
  expect(docs).toMatchObject({ status: 200, body: expect.stringContaining('/servers') })
  expect(docs.headers.get('content-type')).toContain('text/html')
})
