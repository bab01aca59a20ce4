import { beforeAll, describe, expect, inject, test } from 'vitest'
import { systemClock } from '../../api/adapters/system-clock.ts'
import { appendEvent } from '../../store/events.ts'
import { failRun } from '../../store/fail-run.ts'
import { readRun } from '../../store/runs.ts'
import { createApi, stdio } from './create-api.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
})

let count = 0
async function newRun(): Promise<string> {
  const { body } = await api.call('POST', '/servers', { body: { ...stdio, name: `r${++count}` } })
  return body.run.id
}
const tell = (runId: string, message: string) => appendEvent(api.store, runId, { writer: 'runner', type: 'step.started', message })
async function end(runId: string): Promise<void> {
  const run = await readRun(api.store, runId)
  if (run) await failRun(api.store, run, { code: 'PLAN_FAILED', message: 'no' })
}
const messages = (body: { events: { message: string }[] }) => body.events.map(({ message }) => message)

describe('GET /runs', () => {
  test('lists newest first, of one server where asked', async () => {
    const ids = [await newRun(), await newRun()]
    const all = await api.call('GET', '/runs?limit=2')
    expect(all.body.items.map(({ id }: { id: string }) => id)).toEqual(ids.reverse())
    expect((await api.call('GET', `/runs?serverId=r${count}`)).body.items).toHaveLength(1)
  })
})

describe('GET /runs/{id}/events', () => {
  test('answers what came after a number', async () => {
    const id = await newRun()
    await tell(id, 'one')
    const { body } = await api.call('GET', `/runs/${id}/events?after=1`)
    expect([messages(body), body.after, body.ended]).toEqual([['one'], 2, false])
  })

  test('waits for the next event, and no longer than asked', async () => {
    const id = await newRun()
    const waiting = api.call('GET', `/runs/${id}/events?after=1&wait=20`)
    await tell(id, 'late')
    expect(messages((await waiting).body)).toEqual(['late'])
    const started = performance.now()
    expect((await api.call('GET', `/runs/${id}/events?after=2&wait=0.3`)).body.events).toEqual([])
    expect(performance.now() - started).toBeGreaterThan(290)
  })

  test('says when nothing more will come, without waiting', async () => {
    const id = await newRun()
    await end(id)
    const { body } = await api.call('GET', `/runs/${id}/events?after=1&wait=20`)
    expect(body).toEqual({ events: [], after: 1, status: 'FAILED', ended: true })
  })

  test('hands out a long timeline in pieces and without gaps', async () => {
    const id = await newRun()
    for (let n = 2; n <= 120; n++) await tell(id, String(n))
    await end(id)
    const first = await api.call('GET', `/runs/${id}/events`)
    const rest = await api.call('GET', `/runs/${id}/events?after=${first.body.after}`)
    expect([first.body.ended, rest.body.ended]).toEqual([false, true])
    expect([...first.body.events, ...rest.body.events].map(({ n }) => n)).toEqual(Array.from({ length: 120 }, (_, n) => n + 1))
  })

  test.each(['after=-1', 'after=x', 'after=1.5', 'wait=21', 'wait=-1'])('refuses ?%s', async (query) => {
    expect((await api.call('GET', `/runs/${await newRun()}/events?${query}`)).status).toBe(400)
  })
})

describe('server-sent events', () => {
  const accept = { accept: 'text/event-stream' }

  test('stream from the number asked for until the run has ended', async () => {
    const id = await newRun()
    const streaming = api.call('GET', `/runs/${id}/events?after=1`, { headers: accept })
    await tell(id, 'one')
    await tell(id, 'two')
    await end(id)
    const { headers, text } = await streaming
    expect(headers.get('content-type')).toBe('text/event-stream')
    const frames = text.split('\n\n').filter((frame) => frame && !frame.startsWith(':'))
    expect(frames.map((frame) => /^id: (\d+)$/m.exec(frame)?.[1])).toEqual(['2', '3', undefined])
    expect(frames.at(-1)).toContain('event: end\ndata: {"status":"FAILED"}')
  })

  test('go on after Last-Event-ID, and answer 204 when there is nothing left', async () => {
    const id = await newRun()
    await tell(id, 'one')
    await end(id)
    const resumed = await api.call('GET', `/runs/${id}/events`, { headers: { ...accept, 'last-event-id': '1' } })
    expect(resumed.text).toMatch(/^data: .*one.*\nid: 2\n/)
    expect((await api.call('GET', `/runs/${id}/events`, { headers: { ...accept, 'last-event-id': '2' } })).status).toBe(204)
    expect((await api.call('GET', `/runs/${id}/events`, { headers: { ...accept, 'last-event-id': 'x' } })).status).toBe(400)
  })

  test('stop reading when the client goes', async () => {
    let waiting: AbortSignal | undefined
    const sleep: typeof systemClock.sleep = (milliseconds, signal) => {
      waiting = signal
      return systemClock.sleep(milliseconds, signal)
    }
    const watched = await createApi(inject('emulatorUrl'), { clock: { ...systemClock, sleep } })
    const { body } = await watched.call('POST', '/servers', { body: stdio })
    const headers = { ...accept, authorization: `Bearer ${watched.admin.token}` }
    const reader = (await watched.app.request(`/runs/${body.run.id}/events?after=1`, { headers })).body?.getReader()
    await expect.poll(() => waiting?.aborted).toBe(false)
    await reader?.cancel()
    await expect.poll(() => waiting?.aborted).toBe(true)
  })

  test('end within five seconds when the key is revoked', async () => {
    const id = await newRun()
    const key = await api.newKey({ admin: true })
    const streaming = api.call('GET', `/runs/${id}/events`, { token: key.token, headers: accept })
    const polling = api.call('GET', `/runs/${id}/events?after=1&wait=20`, { token: key.token })
    await api.call('DELETE', `/api-keys/${key.id}`)
    await tell(id, 'not for them')
    expect((await streaming).text).not.toContain('not for them')
    expect((await polling).status).toBe(401)
  })

  test('are 406 where the edge does not stream', async () => {
    const buffered = await createApi(inject('emulatorUrl'), { streamsEvents: false })
    const { body } = await buffered.call('POST', '/servers', { body: stdio })
    const answer = await buffered.call('GET', `/runs/${body.run.id}/events`, { headers: accept })
    expect([answer.status, answer.body.code]).toEqual([406, 'NOT_ACCEPTABLE'])
  })
})

describe('what a run made', () => {
  test('is its plan and its generated files, once they are there', async () => {
    const id = await newRun()
    for (const path of ['plan.txt', 'terraform']) expect((await api.call('GET', `/runs/${id}/${path}`)).status).toBe(404)
    api.objects.set(`runs/${id}/plan.txt`, 'Plan: 1 to add')
    api.objects.set(`runs/${id}/terraform/cdk.tf.json`, '{}')
    api.objects.set(`runs/${id}/terraform/server.auto.tfvars.json`, '{"a":1}')
    const plan = await api.call('GET', `/runs/${id}/plan.txt`)
    expect([plan.text, plan.headers.get('content-type')]).toEqual(['Plan: 1 to add', 'text/plain; charset=UTF-8'])
    expect((await api.call('GET', `/runs/${id}/terraform`)).body.files).toEqual([
      { path: 'cdk.tf.json', content: '{}' },
      { path: 'server.auto.tfvars.json', content: '{"a":1}' },
    ])
  })

  test('is 404 for a run that does not exist', async () => {
    for (const path of ['', '/events', '/plan.txt', '/terraform']) expect((await api.call('GET', `/runs/nothing${path}`)).status).toBe(404)
  })
})
