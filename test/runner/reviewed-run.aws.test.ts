import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { getObject, putObject } from '../../aws/objects.ts'
import { runOnce } from '../../runner/run-once.ts'
import type { Approval } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { approveRun } from '../../store/approve-run.ts'
import { listEvents } from '../../store/events.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import { createTestPlatform, type TestPlatform } from './support/test-platform.ts'

const minutes = 60_000
let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform(inject('emulatorUrl'))
  await platform.putContract({ ...platform.contract, defaults: { ...platform.contract.defaults, review: 'always' } })
})
afterAll(() => platform.programs.remove())

const work = (runId: string) =>
  runOnce({
    config: platform.config(runId),
    clients: platform.clients,
    store: platform.store,
    ports: { settle: async () => {}, verify: async () => ({ endpoint: 'http://127.0.0.1:1/mcp/x/mcp', tools: [] }) },
    signal: new AbortController().signal,
  })
const read = async (id: string): Promise<Run> => {
  const run = await readRun(platform.store, id)
  if (!run) throw new Error(`no run ${id}`)
  return run
}
const object = (runId: string, file: string) => getObject(platform.clients.s3, platform.contract.stateBucket, `runs/${runId}/${file}`)
const parameters = async (runId: string) =>
  (await listEvents(platform.store, runId)).filter(({ type }) => type === 'resource.applied').length

async function planned(id: string): Promise<Run> {
  const { run } = await platform.create(id)
  expect(await work(run.id)).toBe('AWAITING_REVIEW')
  return read(run.id)
}

async function approve(run: Run, changes: Partial<Approval['plan']> = {}): Promise<Run> {
  if (!run.plan) throw new Error('no plan')
  const { planSha256, lockSha256, contractSha256, baseSerial, lineage, generation = -1 } = run.plan
  const of = { planSha256, lockSha256, contractSha256, baseSerial, lineage, generation, serverUid: run.serverUid, revision: run.revision }
  const approval = { by: 'key:other', at: new Date().toISOString(), via: 'api' as const, plan: { ...of, ...changes } }
  return approveRun(platform.store, { run, approval })
}

describe('a run whose plan is held', () => {
  test(
    'waits with its plan and applies exactly that when it is approved, by a second build',
    async () => {
      const waiting = await planned('held')
      expect(waiting).toMatchObject({ hold: { reasons: ['Every plan is reviewed here'] }, plan: { changes: true, generation: 0 } })
      expect(await readServer(platform.store, 'held')).toMatchObject({ status: 'CREATING', generation: 0 })
      expect(await object(waiting.id, 'artifact.tar.gz')).toBeDefined()
      expect(await parameters(waiting.id)).toBe(0)
      await approve(waiting)
      expect(await work(waiting.id)).toBe('SUCCEEDED')
      const ended = await read(waiting.id)
      expect(ended.plan?.planSha256).toBe(waiting.plan?.planSha256)
      const steps = (await listEvents(platform.store, waiting.id))
        .filter(({ type }) => type === 'step.started')
        .map(({ data }) => data?.step)
      expect(
        steps.filter((step) => step === 'plan'),
        'nothing is planned again',
      ).toHaveLength(1)
      expect(await object(waiting.id, 'artifact.tar.gz'), 'the raw plan goes with the run').toBeUndefined()
    },
    3 * minutes,
  )

  test(
    'is left alone by a build that nobody approved it for',
    async () => {
      const waiting = await planned('early')
      expect(await work(waiting.id)).toBe('AWAITING_REVIEW')
      expect(await parameters(waiting.id)).toBe(0)
    },
    2 * minutes,
  )

  test(
    'is applied once where two builds were started for its approval',
    async () => {
      const approved = await approve(await planned('twice'))
      await Promise.all([work(approved.id), work(approved.id)])
      expect(await read(approved.id)).toMatchObject({ status: 'SUCCEEDED', generation: 1 })
    },
    3 * minutes,
  )
})

describe.concurrent('what changed between the plan and its apply is refused before Terraform starts', () => {
  test(
    'another plan than the one approved',
    async () => {
      const approved = await approve(await planned('other'), { planSha256: 'f'.repeat(64) })
      expect(await work(approved.id)).toBe('FAILED')
      const message = expect.stringMatching(/^Nothing was applied: the plan's SHA-256 is .* expects f+\. Start a new run\.$/)
      expect((await read(approved.id)).error).toMatchObject({ code: 'STALE_PLAN', message })
      expect(await parameters(approved.id)).toBe(0)
    },
    3 * minutes,
  )

  test(
    'a byte of the artifact',
    async () => {
      const approved = await approve(await planned('bytes'))
      const artifact = await object(approved.id, 'artifact.tar.gz')
      const body = Buffer.from(artifact?.body ?? '')
      body.write('x', body.length - 1)
      await putObject(platform.clients.s3, platform.contract.stateBucket, `runs/${approved.id}/artifact.tar.gz`, body, 'application/gzip')
      expect(await work(approved.id)).toBe('FAILED')
      expect((await read(approved.id)).error?.message).toContain("the artifact's SHA-256")
    },
    3 * minutes,
  )

  test(
    'the state, moved by somebody else',
    async () => {
      const approved = await approve(await planned('moved'))
      const key = `servers/moved/${approved.serverUid}/terraform.tfstate`
      const state = { version: 4, terraform_version: '1.11.4', serial: 3, lineage: 'x', outputs: {}, resources: [] }
      await putObject(platform.clients.s3, platform.contract.stateBucket, key, JSON.stringify(state), 'application/json')
      expect(await work(approved.id)).toBe('FAILED')
      expect((await read(approved.id)).error?.message).toContain("the state's serial is 3, the reviewed plan expects -1")
    },
    3 * minutes,
  )
})
