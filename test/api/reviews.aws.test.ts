import { beforeEach, describe, expect, inject, test } from 'vitest'
import { readRun } from '../../store/runs.ts'
import { createApi, stdio } from './create-api.ts'
import { createContract } from './create-contract.ts'
import { hold, savedPlan } from './hold.ts'
import { serve } from './serve.ts'

let api: Awaited<ReturnType<typeof createApi>>
let fourEyes: boolean
beforeEach(async () => {
  fourEyes = false
  api = await createApi(inject('emulatorUrl'), {
    contract: async () => createContract({ review: { fourEyes, expiresAfterSeconds: 3600, driftEveryHours: 0 } }),
  })
})

const post = (path: string, body?: object, token?: string) => api.call('POST', path, { ...(body && { body }), ...(token && { token }) })
const approve = (id: string, body: object = {}, token?: string) => post(`/runs/${id}/approve`, body, token)
const discard = (id: string) => post(`/runs/${id}/discard`)
const server = async (id: string) => (await api.call('GET', `/servers/${id}`)).body

/** A server whose first run waits. */
async function waiting(name: string, until?: Date): Promise<string> {
  const { body } = await post('/servers', { ...stdio, name })
  await hold(api.store, body.run.id, until)
  api.objects.set(`runs/${body.run.id}/artifact.tar.gz`, 'plan')
  return body.run.id
}
/** A server in service whose update waits. */
async function updating(name: string): Promise<string> {
  const { body } = await post('/servers', { ...stdio, name })
  await serve(api.store, body.run.id, 'IN_SERVICE')
  const patched = await api.call('PATCH', `/servers/${name}`, { body: { description: 'refused' } })
  await hold(api.store, patched.body.run.id)
  return patched.body.run.id
}

describe('approving', () => {
  test('notes exactly what was approved and starts the build that applies it', async () => {
    const id = await waiting('approved')
    const { status, body } = await approve(id, { planSha256: savedPlan(id).planSha256 })
    expect([status, body.run.status, body.run.approval.by]).toEqual([202, 'AWAITING_REVIEW', `key:${api.admin.id}`])
    const { planSha256, lockSha256, contractSha256, baseSerial, lineage, generation } = savedPlan(id)
    const run = await readRun(api.store, id)
    const of = { planSha256, lockSha256, contractSha256, baseSerial, lineage, generation, serverUid: run?.serverUid, revision: 1 }
    expect(run?.approval?.plan).toEqual(of)
    expect(api.started.filter((started) => started === id)).toHaveLength(2)
  })

  test('is by a person that the audit and the timeline name', async () => {
    const id = await waiting('named')
    await approve(id)
    expect((await api.call('GET', '/audit')).body.items[0]).toMatchObject({ action: 'run:review', runId: id, actor: `key:${api.admin.id}` })
    expect((await api.call('GET', `/runs/${id}/events`)).body.events.at(-1)).toMatchObject({
      type: 'run.approved',
      data: { by: `key:${api.admin.id}` },
    })
  })

  test('needs no body', async () => {
    expect((await post(`/runs/${await waiting('bodyless')}/approve`)).status).toBe(202)
  })

  test('refuses another plan than the one that was read', async () => {
    const { status, body } = await approve(await waiting('unread'), { planSha256: 'e'.repeat(64) })
    expect([status, body.code]).toEqual([409, 'CONFLICT'])
  })

  test('refuses what has expired', async () => {
    const { status, body } = await approve(await waiting('late', new Date(Date.now() - 1)))
    expect([status, body.code, body.detail]).toEqual([409, 'WRONG_STATUS', expect.stringContaining('expired')])
  })

  test('is an admin’s', async () => {
    const { token } = await api.newKey({ admin: false })
    expect((await approve(await waiting('member'), {}, token)).status).toBe(403)
  })

  test('is not the proposer’s where the platform asks for four eyes', async () => {
    fourEyes = true
    const id = await waiting('eyes')
    expect((await approve(id)).body).toMatchObject({ code: 'FORBIDDEN', detail: expect.stringContaining('four eyes') })
    const { token } = await api.newKey({ admin: true })
    expect((await approve(id, {}, token)).status).toBe(202)
  })

  test('happens once: of two approvals, or an approval and a discard at once, exactly one wins', async () => {
    for (const [name, other] of [
      ['two', approve],
      ['both', discard],
    ] as const) {
      const id = await waiting(name)
      const statuses = (await Promise.all([approve(id), other(id)])).map(({ status }) => status)
      expect(
        statuses.filter((status) => status < 300),
        name,
      ).toHaveLength(1)
      expect(
        statuses.filter((status) => status === 409),
        name,
      ).toHaveLength(1)
    }
  })

  test('comes too late for a run that a newer revision has superseded', async () => {
    const id = await waiting('superseded')
    await api.call('PATCH', '/servers/superseded', { body: { description: 'newer' } })
    const { status, body } = await approve(id)
    expect([status, body.detail]).toEqual([409, expect.stringContaining('SUPERSEDED; start a new run')])
    expect(api.objects.has(`runs/${id}/artifact.tar.gz`), 'its raw plan is gone').toBe(false)
  })

  test('cannot be overtaken by a newer revision', async () => {
    const id = await updating('overtaken')
    await approve(id)
    const { status, body } = await api.call('PATCH', '/servers/overtaken', { body: { description: 'newer' } })
    expect([status, body.detail]).toEqual([409, expect.stringContaining('is approved and about to apply')])
  })
})

describe('discarding', () => {
  test('ends the run, removes its raw plan and lets a server that was never applied go', async () => {
    const id = await waiting('never')
    expect((await discard(id)).body.run).toMatchObject({ status: 'DISCARDED', reason: expect.stringContaining('discarded the plan') })
    expect(api.objects.has(`runs/${id}/artifact.tar.gz`)).toBe(false)
    expect((await api.call('GET', '/servers/never')).status).toBe(404)
    expect((await post('/servers', { ...stdio, name: 'never' })).status, 'its name is free').toBe(202)
  })

  test('takes the refused change out of what later changes are made of', async () => {
    await discard(await updating('kept'))
    expect(await server('kept')).toMatchObject({
      status: 'IN_SERVICE',
      revision: 1,
      definition: expect.not.objectContaining({ description: 'refused' }),
    })
    const { body } = await api.call('PATCH', '/servers/kept', { body: { environment: { A: 'b' } } })
    expect(body.server.revision, 'a refused revision keeps its number').toBe(3)
    expect((await server('kept')).definition).toEqual({ ...stdio, name: 'kept', environment: { A: 'b' } })
  })

  test('is refused once the plan is approved', async () => {
    const id = await waiting('gone')
    await approve(id)
    expect((await discard(id)).body.detail).toContain(`key:${api.admin.id} approved it`)
  })

  test('of an unknown run is a 404', async () => {
    expect((await discard('nosuchrun')).status).toBe(404)
  })
})

test('a delete supersedes an update that waits', async () => {
  const id = await updating('leaving')
  expect((await api.call('DELETE', '/servers/leaving')).status).toBe(202)
  expect((await readRun(api.store, id))?.status).toBe('SUPERSEDED')
})

test('a plan is read as JSON and as Markdown, and is a 404 before there is one', async () => {
  const id = await waiting('read')
  expect((await api.call('GET', `/runs/${id}/plan`)).status).toBe(404)
  api.objects.set(`runs/${id}/plan.md`, '# Read')
  const { text, headers } = await api.call('GET', `/runs/${id}/plan.md`)
  expect([text, headers.get('content-type')]).toEqual(['# Read', 'text/markdown; charset=utf-8'])
})

test('a speculative plan of a server is a run beside any other', async () => {
  await waiting('speculated')
  const runs = await Promise.all([1, 2].map(() => post('/servers/speculated/runs', { type: 'plan' })))
  expect(runs.map(({ status, body }) => [status, body.run.type])).toEqual([1, 2].map(() => [202, 'plan']))
})

describe('cancelling', () => {
  const cancel = (id: string) => post(`/runs/${id}/cancel`)

  test('asks the build that works on a run, once', async () => {
    const { body } = await post('/servers', { ...stdio, name: 'built' })
    expect((await cancel(body.run.id)).body.run).toMatchObject({ status: 'QUEUED', cancel: { by: `key:${api.admin.id}` } })
    await cancel(body.run.id)
    const { events } = (await api.call('GET', `/runs/${body.run.id}/events`)).body
    expect(events.filter(({ type }: { type: string }) => type === 'run.cancel-asked')).toHaveLength(1)
  })

  test('ends a run that no build has taken, and leaves its server deletable', async () => {
    const own = await createApi(inject('emulatorUrl'), { startBuild: async () => Promise.reject(new Error('busy')) })
    const { body } = await own.call('POST', '/servers', { body: { ...stdio, name: 'unbuilt' } })
    expect((await own.call('POST', `/runs/${body.run.id}/cancel`)).body.run.status).toBe('CANCELLED')
    expect((await own.call('DELETE', '/servers/unbuilt')).status).toBe(202)
  })

  test('is no way to end what waits for review, or what has ended', async () => {
    const id = await waiting('reviewed')
    expect((await cancel(id)).body.detail).toContain('/discard')
    await discard(id)
    expect((await cancel(id)).body).toMatchObject({ code: 'WRONG_STATUS', detail: expect.stringContaining('DISCARDED') })
  })
})
