import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { putObject } from '../../aws/objects.ts'
import { packFiles, sha256 } from '../../runner/archive.ts'
import type { RunContext } from '../../runner/run-context.ts'
import { loadRun } from '../../runner/steps/load-run.ts'
import { refuseChangedWorld, openArtifact as unpack } from '../../runner/steps/open-artifact.ts'
import type { Approval } from '../../schema/review.ts'
import type { SavedPlan } from '../../schema/run.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { recordingReport } from './support/recording-report.ts'
import { createTestPlatform, type TestPlatform } from './support/test-platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform(inject('emulatorUrl'))
})
afterAll(() => platform.programs.remove())

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'open-artifact-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const state = { serial: 7, lineage: 'lineage-1' }

/** A run that has just begun to apply a plan made against `state`. */
async function applying(id: string): Promise<{ context: RunContext; plan: SavedPlan }> {
  const { clients, contract, store } = platform
  const { run: queued } = await platform.create(id)
  const loaded = await loadRun(store, clients, contract.platform, queued)
  const stack = join('cdktf.out', 'stacks', `server-${id}`)
  const made = join(directory, 'made')
  await mkdir(join(made, stack), { recursive: true })
  await writeFile(join(made, stack, 'saved.tfplan'), 'plan')
  await writeFile(join(made, stack, '.terraform.lock.hcl'), 'lock')
  const artifact = await packFiles(made, [join(stack, 'saved.tfplan'), join(stack, '.terraform.lock.hcl')])
  const artifactKey = `runs/${queued.id}/artifact.tar.gz`
  await putObject(clients.s3, contract.stateBucket, artifactKey, artifact, 'application/gzip')
  await putState(id, queued.serverUid, state)
  const plan: SavedPlan = {
    artifactKey,
    artifactSha256: sha256(artifact),
    planSha256: sha256('plan'),
    lockSha256: sha256('lock'),
    contractSha256: loaded.contractSha256,
    baseSerial: state.serial,
    lineage: state.lineage,
    generation: 0,
    counts: { create: 1, update: 0, delete: 0, replace: 0 },
  }
  const planning = await transitionRun(store, queued, 'PLANNING')
  const { run } = await beginApply(store, { run: planning, serverTo: 'CREATING', plan })
  const context: RunContext = {
    ...loaded,
    config: platform.config(run.id),
    clients,
    store,
    report: recordingReport(),
    signal: new AbortController().signal,
    directory,
    startedAt: new Date(),
    current: { run, applied: false },
    terraformEnvironment: {},
  }
  return { context, plan }
}

/** The two comparisons that come before Terraform. */
async function openArtifact(context: RunContext, plan: SavedPlan) {
  const project = await unpack(context, plan)
  await refuseChangedWorld(context, plan)
  return project
}

const putState = (id: string, uid: string, content: object) =>
  putObject(
    platform.clients.s3,
    platform.contract.stateBucket,
    `servers/${id}/${uid}/terraform.tfstate`,
    JSON.stringify(content),
    'application/json',
  )

const refusal = (what: string) => ({ error: { code: 'STALE_PLAN', message: expect.stringContaining(`Nothing was applied: ${what}`) } })

describe('opening a saved plan', () => {
  test('unpacks exactly what was reviewed', async () => {
    const { context, plan } = await applying('opens')
    expect(await openArtifact(context, plan)).toEqual({ directory: join(directory, 'apply'), stack: 'server-opens' })
  })

  test.each([
    ["the artifact's SHA-256", { artifactSha256: sha256('other') }],
    ["the plan's SHA-256", { planSha256: sha256('other') }],
    ["the lock file's SHA-256", { lockSha256: sha256('other') }],
    ["the state's serial", { baseSerial: 6 }],
    ["the state's lineage", { lineage: 'another' }],
    ["the platform contract's SHA-256", { contractSha256: sha256('other') }],
  ])('refuses where %s is another', async (what, reviewed) => {
    const { context, plan } = await applying(
      `other${sha256(what)
        .replace(/[^a-z0-9]/g, '')
        .slice(0, 12)}`,
    )
    await expect(openArtifact(context, { ...plan, ...reviewed })).rejects.toMatchObject(refusal(what))
  })

  test('refuses a state that another run has moved on since', async () => {
    const { context, plan } = await applying('moved')
    await putState('moved', context.server.uid, { ...state, serial: 8 })
    await expect(openArtifact(context, plan)).rejects.toMatchObject(refusal("the state's serial is 8, the reviewed plan expects 7"))
  })

  test('refuses an older generation', async () => {
    const { context, plan } = await applying('older')
    context.current.run = { ...context.current.run, generation: 0 }
    await expect(openArtifact(context, plan)).rejects.toMatchObject(refusal('the generation is 1'))
  })

  test('refuses another revision', async () => {
    const { context, plan } = await applying('newer')
    context.current.run = { ...context.current.run, revision: 2 }
    await expect(openArtifact(context, plan)).rejects.toMatchObject(refusal("the server's revision is 1"))
  })

  test('refuses a run that does not hold the applying lease', async () => {
    const { context, plan } = await applying('other')
    context.current.run = { ...context.current.run, id: 'somebody-else' }
    await expect(openArtifact(context, plan)).rejects.toMatchObject(refusal('the applying run is'))
  })

  test('refuses where the artifact is gone', async () => {
    const { context, plan } = await applying('nothing')
    await expect(openArtifact(context, { ...plan, artifactKey: 'runs/x/artifact.tar.gz' })).rejects.toMatchObject(
      refusal('the artifact runs/x'),
    )
  })

  test('opens what was approved, element by element', async () => {
    const { context, plan } = await applying('approved')
    approve(context, plan, {})
    expect(await openArtifact(context, plan)).toBeDefined()
  })

  const hash = 'f'.repeat(64)
  test.each<[string, string, Partial<Approval['plan']>]>([
    ['plan', "the plan's SHA-256", { planSha256: hash }],
    ['lock', "the lock file's SHA-256", { lockSha256: hash }],
    ['contract', "the platform contract's SHA-256", { contractSha256: hash }],
    ['serial', "the state's serial", { baseSerial: 5 }],
    ['lineage', "the state's lineage", { lineage: 'another' }],
    ['uid', "the server's uid", { serverUid: 'another' }],
    ['revision', "the server's revision", { revision: 9 }],
    ['generation', 'the generation', { generation: 9 }],
  ])('refuses another %s than the one approved, and says which and what to do', async (id, words, changes) => {
    const { context, plan } = await applying(`not${id}`)
    approve(context, plan, changes)
    const message = expect.stringMatching(new RegExp(`^Nothing was applied: ${words} is .* expects .*Start a new run\\.$`))
    await expect(openArtifact(context, plan)).rejects.toMatchObject({ error: { code: 'STALE_PLAN', message } })
  })
})

function approve(context: RunContext, { planSha256, lockSha256, contractSha256, baseSerial, lineage }: SavedPlan, changes: object): void {
  const { run } = context.current
  const of = {
    planSha256,
    lockSha256,
    contractSha256,
    baseSerial,
    lineage,
    generation: 0,
    revision: run.revision,
    serverUid: run.serverUid,
  }
  context.current.run = { ...run, approval: { by: 'key:other', at: run.createdAt, via: 'api', plan: { ...of, ...changes } } }
}
