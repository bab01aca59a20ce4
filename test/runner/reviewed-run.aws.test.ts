import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { getObject, putObject } from '../../aws/objects.ts'
import { sha256 } from '../../runner/archive.ts'
import { runOnce } from '../../runner/run-once.ts'
import type { Approval } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { approveRun } from '../../store/approve-run.ts'
import { cancelRun } from '../../store/cancel-run.ts'
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
      expect(await work(waiting.id), 'a build that nobody approved it for').toBe('AWAITING_REVIEW')
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
    'is applied once where two builds were started for its approval',
    async () => {
      const approved = await approve(await planned('twice'))
      await Promise.all([work(approved.id), work(approved.id)])
      expect(await read(approved.id)).toMatchObject({ status: 'SUCCEEDED', generation: 1 })
    },
    3 * minutes,
  )
})

describe('what changed between the plan and its apply is refused before Terraform starts', () => {
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
})

describe('the rules of the platform team', () => {
  const rule = (level: string, require: string) =>
    `name: few-resources\ndescription: few resources\nlevel: ${level}\nrequire: ${require}\nmessage: too many resources\n`

  async function withRules(content: string): Promise<void> {
    const body = JSON.stringify({ format: 1, policies: [{ path: 'few.yaml', content }] })
    const key = `rules/${sha256(body)}.json`
    await putObject(platform.clients.s3, platform.contract.stateBucket, key, body, 'application/json')
    const review = { ...platform.contract.review, rules: { key, sha256: sha256(body) } }
    await platform.putContract({ ...platform.contract, review })
  }

  test(
    'end a run that they deny before anybody can approve it, and say why, in its plan too',
    async () => {
      await withRules(rule('deny', 'size(plan.resources) < 2'))
      const { run } = await platform.create('denied')
      expect(await work(run.id)).toBe('FAILED')
      expect((await read(run.id)).error).toMatchObject({ code: 'POLICY_DENIED', message: expect.stringContaining('too many resources') })
      expect(JSON.parse((await object(run.id, 'plan.json'))?.body.toString() ?? '').policy).toMatchObject([
        { level: 'deny', file: 'few.yaml' },
      ])
      expect(await object(run.id, 'artifact.tar.gz'), 'nobody can apply it').toBeUndefined()
    },
    2 * minutes,
  )

  test(
    'end every run where they cannot be read, by file and line',
    async () => {
      await withRules(rule('deny', 'size('))
      const { run } = await platform.create('unreadable')
      expect(await work(run.id)).toBe('FAILED')
      expect((await read(run.id)).error).toMatchObject({ code: 'POLICY_DENIED', message: expect.stringMatching(/few\.yaml:4/) })
    },
    2 * minutes,
  )
})

test(
  'a speculative plan takes no lock, waits for nobody and leaves nothing that could be applied',
  async () => {
    await platform.putContract({ ...platform.contract, defaults: { ...platform.contract.defaults, review: 'always' } })
    const waiting = await planned('guessed')
    const lock = `servers/guessed/${waiting.serverUid}/terraform.tfstate.tflock`
    await putObject(platform.clients.s3, platform.contract.stateBucket, lock, '{"ID":"held"}', 'application/json')
    const runs = await Promise.all([platform.run('guessed', 'plan'), platform.run('guessed', 'plan')])
    expect(await Promise.all(runs.map(({ id }) => work(id)))).toEqual(['SUCCEEDED', 'SUCCEEDED'])
    expect(await object(runs[0]?.id ?? '', 'plan.md')).toBeDefined()
    expect(await object(runs[0]?.id ?? '', 'artifact.tar.gz')).toBeUndefined()
    expect(await readServer(platform.store, 'guessed')).toMatchObject({ status: 'CREATING', lastRunId: waiting.id })
  },
  3 * minutes,
)

test(
  'a run that somebody cancels while it applies ends CANCELLED, with its state saved and its lock free',
  async () => {
    await platform.putContract(platform.contract)
    const { run } = await platform.create('cancelled', { SLOW: '1' })
    const working = work(run.id)
    await expect.poll(() => parameters(run.id), { timeout: minutes, interval: 200 }).toBeGreaterThan(0)
    await cancelRun(platform.store, { run: await read(run.id), by: 'key:other' })
    expect(await working).toBe('CANCELLED')
    expect((await read(run.id)).error).toMatchObject({ code: 'CANCELLED', message: 'key:other cancelled the run.' })
    const { s3 } = platform.clients
    const key = `servers/cancelled/${run.serverUid}/terraform.tfstate`
    expect(await getObject(s3, platform.contract.stateBucket, key)).toBeDefined()
    expect(await getObject(s3, platform.contract.stateBucket, `${key}.tflock`)).toBeUndefined()
  },
  2 * minutes,
)
