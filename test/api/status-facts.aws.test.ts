import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createServerStack } from '../../api/adapters/server-stack.ts'
import type { StackFacts } from '../../api/stack-facts.ts'
import type { Run } from '../../schema/run.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { finishServer } from '../../store/finish-server.ts'
import { readRun } from '../../store/runs.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { contractSha256, createApi, stdio } from './create-api.ts'
import { createContract } from './create-contract.ts'
import { serve } from './serve.ts'

const facts: StackFacts = {
  service: {
    status: 'ACTIVE',
    desired: 2,
    running: 1,
    pending: 0,
    deployments: [{ primary: true, rolloutState: 'FAILED', reason: 'tasks failed to start' }],
    events: ['(service x) is unable to place a task'],
  },
  lastStopped: {
    taskId: 't1',
    stopCode: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
    stoppedAt: '2026-01-01T00:00:00.000Z',
    containers: [{ name: 'server', exitCode: 1 }],
  },
  targets: [{ target: '10.0.0.1:8080', state: 'unhealthy', description: 'Health checks failed' }],
}

let api: Awaited<ReturnType<typeof createApi>>
const asked: { after?: string | undefined; limit: number }[] = []
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'), {
    stack: {
      facts: async () => facts,
      logs: async (_id, options) => {
        asked.push(options)
        const line = { at: '2026-01-01T00:00:00.000Z', container: 'server', taskId: 't1', message: `key AKIA${'A'.repeat(16)} used` }
        return { lines: [line], after: '1767225600000' }
      },
    },
  })
})

describe('GET /servers/{id}', () => {
  test('shows tasks, deployments, the last stopped task and target health of what was applied', async () => {
    const { body } = await api.call('POST', '/servers', { body: { ...stdio, name: 'facts' } })
    expect((await api.call('GET', '/servers/facts')).body.stack).toBeUndefined()
    await serve(api.store, body.run.id, 'FAILED')
    expect((await api.call('GET', '/servers/facts')).body).toMatchObject({ status: 'FAILED', stack: facts })
  })

  test('answers without them while AWS does not', async () => {
    const throttled = await createApi(inject('emulatorUrl'), {
      stack: {
        ...api.ports.stack,
        facts: async () => {
          throw Object.assign(new Error('Rate exceeded for 111111111111'), { name: 'ThrottlingException' })
        },
      },
    })
    const { body } = await throttled.call('POST', '/servers', { body: { ...stdio, name: 'throttled' } })
    await serve(throttled.store, body.run.id, 'IN_SERVICE')
    const answer = await throttled.call('GET', '/servers/throttled')
    expect([answer.status, answer.body.stack]).toEqual([200, { targets: [], unavailable: 'ThrottlingException' }])
    expect(answer.text).not.toContain('Rate exceeded')
  })
})

describe('GET /servers/{id}/logs', () => {
  test('gives lines and where to go on, with credentials covered', async () => {
    await api.call('POST', '/servers', { body: { ...stdio, name: 'logs' } })
    const first = await api.call('GET', '/servers/logs/logs?limit=5')
    expect(first.body.lines).toMatchObject([{ container: 'server', taskId: 't1', message: 'key (credential) used' }])
    const next = await api.call('GET', `/servers/logs/logs?after=${first.body.after}`)
    expect(next.status).toBe(200)
    expect(asked).toEqual([
      { after: undefined, limit: 5 },
      { after: '1767225600000', limit: 100 },
    ])
  })

  test('refuses a position of another list, and callers who are no admins', async () => {
    const answer = await api.call('GET', '/servers/logs/logs?after=x')
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'after'])
    const member = await api.newKey()
    expect((await api.call('GET', '/servers/logs/logs', { token: member.token })).status).toBe(403)
    expect((await api.call('GET', '/servers/nothing/logs')).status).toBe(404)
  })
})

describe('createServerStack', () => {
  test('of a server that AWS does not know says nothing', async () => {
    process.env.AWS_ACCESS_KEY_ID ??= 'test'
    process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
    const client = { region: 'eu-west-1', endpoint: inject('emulatorUrl') }
    await new ECSClient(client).send(new CreateClusterCommand({ clusterName: 'gantry-test' }))
    const stack = createServerStack(client, async () => createContract())
    expect(await stack.facts('nothing')).toEqual({ targets: [] })
    expect(await stack.logs('nothing', { limit: 10 })).toEqual({ lines: [], after: '0' })
  })
})

test.each([
  ['as it stands', contractSha256, false],
  ['before it changed', '0d'.repeat(32), true],
])('says whether a server was applied with the platform %s', async (_, appliedWith, outdated) => {
  const name = outdated ? 'behind' : 'current'
  const { body } = await api.call('POST', '/servers', { body: { ...stdio, name } })
  const queued = (await readRun(api.store, body.run.id)) as Run
  const counts = { create: 1, update: 0, delete: 0, replace: 0 }
  const hashes = { artifactSha256: '', planSha256: '', lockSha256: '', contractSha256: appliedWith }
  const plan = { artifactKey: 'k', ...hashes, baseSerial: -1, lineage: '', counts }
  const { run } = await beginApply(api.store, { run: await transitionRun(api.store, queued, 'PLANNING'), serverTo: 'CREATING', plan })
  expect((await api.call('GET', `/servers/${name}`)).body.platformOutdated, 'never applied').toBe(false)
  await finishServer(api.store, { run, to: 'IN_SERVICE' })
  expect((await api.call('GET', `/servers/${name}`)).body.platformOutdated).toBe(outdated)
})
