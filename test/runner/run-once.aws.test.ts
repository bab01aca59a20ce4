import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { getObject } from '../../aws/objects.ts'
import type { RunnerPorts } from '../../runner/ports.ts'
import { RunFailure } from '../../runner/run-failure.ts'
import { runOnce } from '../../runner/run-once.ts'
import { listEvents } from '../../store/events.ts'
import { readRevision, revisionItem } from '../../store/revisions.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import { createTestPlatform, type TestPlatform } from './support/test-platform.ts'

const minutes = 60_000
let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform(inject('emulatorUrl'))
})
afterAll(() => platform.programs.remove())

const works: RunnerPorts['verify'] = async () => ({ endpoint: 'http://127.0.0.1:1/mcp/x/mcp', tools: [{ name: 'echo' }] })

const work = (runId: string, verify = works, signal = new AbortController().signal) =>
  runOnce({
    config: platform.config(runId),
    clients: platform.clients,
    store: platform.store,
    ports: { settle: async () => {}, verify },
    signal,
  })

const stateObject = (id: string, uid: string) =>
  getObject(platform.clients.s3, platform.contract.stateBucket, `servers/${id}/${uid}/terraform.tfstate`)
const artifact = async (runId: string, file: string) =>
  (await getObject(platform.clients.s3, platform.contract.stateBucket, `runs/${runId}/${file}`))?.body.toString('utf8')

describe.sequential('one life of a server', () => {
  test(
    'a create applies the saved plan through cdktf and leaves the server in service',
    async () => {
      const { run } = await platform.create('life')
      expect(await work(run.id)).toBe('SUCCEEDED')
      expect(await readServer(platform.store, 'life')).toMatchObject({
        status: 'IN_SERVICE',
        appliedRevision: 1,
        tools: [{ name: 'echo' }],
      })
      const ended = await readRun(platform.store, run.id)
      expect(ended?.plan).toMatchObject({ baseSerial: -1, lineage: '', counts: { create: 3, update: 0, delete: 0, replace: 0 } })
      expect(await artifact(run.id, 'plan.txt')).toContain('Plan: 3 to add')
      expect(await artifact(run.id, 'artifact.tar.gz'), 'the raw plan goes when its run has ended').toBeUndefined()
      expect(await artifact(run.id, 'terraform/cdk.tf.json')).toContain('aws_ssm_parameter')
      const events = await listEvents(platform.store, run.id)
      const steps = events.filter(({ type }) => type === 'step.finished').map(({ data }) => data?.step)
      expect(steps).toEqual(['load', 'synth', 'init', 'plan', 'summarize', 'save', 'open', 'ready', 'apply', 'steady'])
      const resources = events.filter(({ type }) => type === 'resource.applied').flatMap(({ data }) => data?.resources as object[])
      expect(resources).toContainEqual(expect.objectContaining({ address: 'aws_ssm_parameter.p0', state: 'finished', action: 'create' }))
    },
    2 * minutes,
  )

  test(
    'the same revision again ends NO_CHANGES without an apply',
    async () => {
      const run = await platform.run('life')
      expect(await work(run.id)).toBe('NO_CHANGES')
      expect((await listEvents(platform.store, run.id)).map(({ type }) => type)).not.toContain('resource.applied')
      expect(await readServer(platform.store, 'life')).toMatchObject({ status: 'IN_SERVICE', generation: 1 })
    },
    2 * minutes,
  )

  test('a verify run plans nothing, tells how the tools differ and keeps the new list', async () => {
    const run = await platform.run('life', 'verify')
    const tools = [{ name: 'echo' }, { name: 'sum' }]
    expect(await work(run.id, async () => ({ endpoint: 'http://127.0.0.1:1/mcp/x/mcp', tools }))).toBe('SUCCEEDED')
    expect(await readServer(platform.store, 'life')).toMatchObject({ status: 'IN_SERVICE', generation: 1, tools })
    const events = await listEvents(platform.store, run.id)
    expect(events.filter(({ type }) => type === 'step.finished').map(({ data }) => data?.step)).toEqual(['load'])
    expect(events.at(-1)).toMatchObject({ type: 'tools.compared', data: { added: ['sum'], removed: [], changed: [] } })
  })

  test('a verify run that gets no answer fails alone', async () => {
    const run = await platform.run('life', 'verify')
    const refuse = async () => {
      throw new RunFailure('VERIFY_FAILED', 'no hands')
    }
    expect(await work(run.id, refuse)).toBe('FAILED')
    expect(await readServer(platform.store, 'life')).toMatchObject({ status: 'IN_SERVICE', tools: [{ name: 'echo' }, { name: 'sum' }] })
  })

  test(
    "a revision that today's schema refuses is stopped by the files last applied, and not started",
    async () => {
      const server = await readServer(platform.store, 'life')
      const revision = await readRevision(platform.store, 'life', server?.uid ?? '', 1)
      if (!revision) throw new Error('expected a revision')
      const put = (enabled: boolean) =>
        platform.put(revisionItem({ ...revision, enabled, definition: { ...revision.definition, field: 'of another time' } }))
      await put(false)
      expect(await work((await platform.run('life')).id)).toBe('SUCCEEDED')
      expect(await readServer(platform.store, 'life')).toMatchObject({ status: 'STOPPED' })
      await put(true)
      const start = await platform.run('life')
      expect(await work(start.id)).toBe('FAILED')
      expect((await readRun(platform.store, start.id))?.error).toMatchObject({
        code: 'SYNTH_FAILED',
        message: expect.stringContaining('field'),
      })
      expect(await readServer(platform.store, 'life')).toMatchObject({ status: 'STOPPED' })
    },
    2 * minutes,
  )

  test(
    'a delete destroys what was last applied and leaves neither state nor record',
    async () => {
      const server = await readServer(platform.store, 'life')
      const run = await platform.run('life', 'delete')
      expect(await work(run.id)).toBe('SUCCEEDED')
      expect((await readRun(platform.store, run.id))?.plan?.counts).toEqual({ create: 0, update: 0, delete: 3, replace: 0 })
      expect(await readServer(platform.store, 'life')).toBeUndefined()
      expect(await stateObject('life', server?.uid ?? '')).toBeUndefined()
    },
    2 * minutes,
  )
})

describe.concurrent('what can go wrong', () => {
  test(
    'a synthesis that fails ends the run with its words',
    async () => {
      const { run } = await platform.create('nosynth', { BREAK: 'synth' })
      expect(await work(run.id)).toBe('FAILED')
      const error = { code: 'SYNTH_FAILED', message: expect.stringContaining('asked not to synthesize') }
      expect(await readRun(platform.store, run.id)).toMatchObject({ error })
      expect(await readServer(platform.store, 'nosynth')).toMatchObject({ status: 'FAILED', error })
    },
    2 * minutes,
  )

  test(
    "a plan that fails gives the resource and the provider's words",
    async () => {
      const { run } = await platform.create('noplan', { BREAK: 'plan' })
      expect(await work(run.id)).toBe('FAILED')
      expect((await readRun(platform.store, run.id))?.error).toEqual({
        code: 'PLAN_FAILED',
        resource: 'aws_ssm_parameter.p0',
        message: expect.stringContaining('expected type to be one of'),
      })
    },
    2 * minutes,
  )

  test(
    "an apply that fails gives the resource and the provider's words, and the server can be deleted",
    async () => {
      const { run } = await platform.create('noapply', { BREAK: 'apply' })
      expect(await work(run.id)).toBe('FAILED')
      const error = { code: 'APPLY_FAILED', resource: 'aws_s3_object.nowhere', message: expect.stringContaining('NoSuchBucket') }
      expect(await readRun(platform.store, run.id)).toMatchObject({ error })
      expect(await readServer(platform.store, 'noapply')).toMatchObject({ status: 'FAILED', error })
      const remove = await platform.run('noapply', 'delete')
      expect(await work(remove.id)).toBe('SUCCEEDED')
      expect(await readServer(platform.store, 'noapply')).toBeUndefined()
    },
    3 * minutes,
  )

  test(
    'a server that does not verify is FAILED, and the next run of the same revision verifies it without an apply',
    async () => {
      const { run } = await platform.create('noshake', { PARAMETERS: '1' })
      const refuse = async () => {
        throw new RunFailure('VERIFY_FAILED', 'no hands', { logs: ['last line', 'key AKIAABCDEFGHIJKLMNOP'] })
      }
      expect(await work(run.id, refuse)).toBe('FAILED')
      const error = { code: 'VERIFY_FAILED', message: 'no hands', logs: ['last line', 'key (credential)'] }
      expect(await readServer(platform.store, 'noshake')).toMatchObject({ status: 'FAILED', error })
      const again = await platform.run('noshake')
      expect(await work(again.id)).toBe('SUCCEEDED')
      expect((await listEvents(platform.store, again.id)).map(({ type }) => type)).not.toContain('resource.applied')
      expect((await readServer(platform.store, 'noshake'))?.status).toBe('IN_SERVICE')
    },
    3 * minutes,
  )

  test('a run that is not queued any more is left alone', async () => {
    const { run } = await platform.create('twice', { BREAK: 'synth' })
    await work(run.id)
    const { eventCount } = (await readRun(platform.store, run.id)) ?? {}
    expect(await work(run.id)).toBe('FAILED')
    expect((await readRun(platform.store, run.id))?.eventCount).toBe(eventCount)
  })
})
