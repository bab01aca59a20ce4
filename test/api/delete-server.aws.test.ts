import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { ServerStatus } from '../../schema/server-status.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { finishServer } from '../../store/finish-server.ts'
import { readRun } from '../../store/runs.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { createApi, stdio } from './create-api.ts'

let api: Awaited<ReturnType<typeof createApi>>
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
})

let count = 0
/** A server whose first run ended as told, or still applies. */
async function serverAt(status: Extract<ServerStatus, 'IN_SERVICE' | 'FAILED'> | 'applying'): Promise<{ id: string; runId: string }> {
  const { body } = await api.call('POST', '/servers', { body: { ...stdio, name: `d${++count}` } })
  const queued = await readRun(api.store, body.run.id)
  if (!queued) throw new Error('no run')
  const planning = await transitionRun(api.store, queued, 'PLANNING')
  const { run } = await beginApply(api.store, { run: planning, serverTo: 'CREATING' })
  if (status !== 'applying') await finishServer(api.store, { run, to: status })
  return { id: body.server.id, runId: run.id }
}

describe('DELETE /servers/{id}', () => {
  test('ends a server at once that was never applied, and supersedes its run; the name is free again', async () => {
    const created = await api.call('POST', '/servers', { body: { ...stdio, name: 'brief' } })
    const { status, body, headers } = await api.call('DELETE', '/servers/brief')
    expect([status, body.run.type, body.run.status]).toEqual([202, 'delete', 'SUCCEEDED'])
    expect(headers.get('location')).toBe(`https://gantry.example.com/live/runs/${body.run.id}`)
    expect((await api.call('GET', '/servers/brief')).status).toBe(404)
    expect((await api.call('GET', `/runs/${created.body.run.id}`)).body.status).toBe('SUPERSEDED')
    expect(api.started).not.toContain(body.run.id)
    expect((await api.call('POST', '/servers', { body: { ...stdio, name: 'Brief' } })).status).toBe(202)
  })

  test.each(['IN_SERVICE', 'FAILED'] as const)('starts a delete run for a server that is %s', async (from) => {
    const { id } = await serverAt(from)
    const { status, body } = await api.call('DELETE', `/servers/${id}`)
    expect([status, body.run.type, body.run.status]).toEqual([202, 'delete', 'QUEUED'])
    expect(api.started).toContain(body.run.id)
    expect((await api.call('GET', `/servers/${id}`)).body).toMatchObject({ status: from, lastRunId: body.run.id })
  })

  test('refuses with 409 while a run applies, and while a delete run is open', async () => {
    const applying = await serverAt('applying')
    const busy = await api.call('DELETE', `/servers/${applying.id}`)
    expect([busy.status, busy.body.code]).toEqual([409, 'WRONG_STATUS'])
    const settled = await serverAt('FAILED')
    const both = await Promise.all([api.call('DELETE', `/servers/${settled.id}`), api.call('DELETE', `/servers/${settled.id}`)])
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409])
    expect((await api.call('DELETE', `/servers/${settled.id}`)).status).toBe(409)
  })

  test('answers 404 for a server that does not exist', async () => {
    expect((await api.call('DELETE', '/servers/nothing')).body.code).toBe('NOT_FOUND')
  })
})
