import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getObject } from '../../aws/objects.ts'
import { freeStateLock, inspectStateLock } from '../../aws/state-lock.ts'
import { runOnce } from '../../runner/run-once.ts'
import { installEmulator } from '../../sandbox/emulator/install-emulator.ts'
import { type Emulator, startEmulator } from '../../sandbox/emulator/start-emulator.ts'
import type { Run } from '../../schema/run.ts'
import { listEvents } from '../../store/events.ts'
import { failRun } from '../../store/fail-run.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import { venvDirectory } from '../support/venv-directory.ts'
import { killAll, processTree } from './support/process-tree.ts'
import { createTestPlatform, type TestPlatform } from './support/test-platform.ts'

let emulator: Emulator
let platform: TestPlatform
beforeAll(async () => {
  const python = await installEmulator({ directory: venvDirectory, onProgress: () => {} })
  emulator = await startEmulator({ python })
  platform = await createTestPlatform(emulator.url)
})
afterAll(async () => {
  await platform.programs.remove()
  await emulator.stop()
})

/** A cluster takes the provider 10 s; the log group and the role are there at once. */
const slow = { PARAMETERS: '0', SLOW: '1', ROLE: '1' }

const work = (runId: string) =>
  runOnce({
    config: platform.config(runId),
    clients: platform.clients,
    store: platform.store,
    ports: { settle: async () => {}, verify: async () => ({ endpoint: 'http://127.0.0.1:1/mcp/x/mcp', tools: [] }) },
    signal: new AbortController().signal,
  })

async function succeeds(run: Run): Promise<void> {
  const status = await work(run.id)
  expect({ status, error: (await readRun(platform.store, run.id))?.error }).toEqual({ status: 'SUCCEEDED', error: undefined })
}

const startRunner = (runId: string): ChildProcess =>
  spawn(process.execPath, [platform.programs.runner], {
    env: { ...platform.environment, RUN_ID: runId },
    stdio: ['ignore', 'ignore', 'inherit'],
  })

async function inMidApply(runId: string): Promise<void> {
  const finished = async (): Promise<string[]> => {
    const events = await listEvents(platform.store, runId)
    const all = events.flatMap(({ data }) => (data?.resources ?? []) as { address: string; state: string }[])
    return all.filter(({ state }) => state === 'finished').map(({ address }) => address)
  }
  await expect
    .poll(finished, { timeout: 300_000, interval: 200 })
    .toEqual(expect.arrayContaining(['aws_cloudwatch_log_group.logs', 'aws_iam_role.execution']))
}

const stateKey = (run: Run) => `servers/${run.serverId}/${run.serverUid}/terraform.tfstate`
const lockOf = (run: Run) => inspectStateLock(platform.clients.s3, platform.contract.stateBucket, stateKey(run))
const stateOf = (run: Run) => getObject(platform.clients.s3, platform.contract.stateBucket, stateKey(run))

/** What the sweep does once the build of a run has ended. */
async function sweep(runId: string): Promise<void> {
  const run = await readRun(platform.store, runId)
  if (!run) throw new Error(`no run ${runId}`)
  const proof = { runStartedAt: new Date(run.createdAt), heldApplyingLease: true, buildEnded: true }
  await freeStateLock(platform.clients.s3, platform.contract.stateBucket, stateKey(run), proof)
  await failRun(platform.store, run, { code: 'RUNNER_LOST', message: 'killed' })
}

async function killedInMidApply(id: string): Promise<Run> {
  const { run } = await platform.create(id, slow)
  const runner = startRunner(run.id)
  await inMidApply(run.id)
  killAll(processTree(runner.pid ?? 0))
  await once(runner, 'exit')
  expect(await lockOf(run)).toMatchObject({ operation: 'OperationTypeApply' })
  expect(await stateOf(run)).toBeUndefined()
  await sweep(run.id)
  expect(await lockOf(run)).toBeUndefined()
  expect(await readServer(platform.store, id)).toMatchObject({ status: 'FAILED' })
  return run
}

describe('a runner killed in mid-apply', () => {
  test('with everything below it: the next apply adopts what was made and converges', async () => {
    const first = await killedInMidApply('again')
    const next = await platform.run('again')
    await succeeds(next)
    const adopted = (await listEvents(platform.store, next.id)).find(({ type }) => type === 'orphans.adopted')
    expect(adopted?.data?.orphans).toMatchObject([{ address: 'aws_cloudwatch_log_group.logs' }, { address: 'aws_iam_role.execution' }])
    expect((await stateOf(first))?.body.toString()).toContain('aws_ecs_cluster')
    const remove = await platform.run('again', 'delete')
    await succeeds(remove)
  })

  test('with everything below it: a delete finds what was made and leaves nothing', async () => {
    await killedInMidApply('gone')
    const remove = await platform.run('gone', 'delete')
    await succeeds(remove)
    expect((await readRun(platform.store, remove.id))?.plan?.counts.delete).toBe(2)
    expect(await readServer(platform.store, 'gone')).toBeUndefined()
  })

  test('alone: the guard interrupts Terraform, which saves its state and frees its lock', async () => {
    const { run } = await platform.create('alone', slow)
    const runner = startRunner(run.id)
    await inMidApply(run.id)
    const below = processTree(runner.pid ?? 0)
    runner.kill('SIGKILL')
    await once(runner, 'exit')
    await expect.poll(() => lockOf(run), { timeout: 60_000 }).toBeUndefined()
    expect((await stateOf(run))?.body.toString()).toContain('aws_cloudwatch_log_group')
    killAll(below)
    await sweep(run.id)
    const next = await platform.run('alone')
    await succeeds(next)
  })

  test('by SIGTERM: Terraform is interrupted once, the state is saved and the run CANCELLED', async () => {
    const { run } = await platform.create('asked', slow)
    const runner = startRunner(run.id)
    await inMidApply(run.id)
    runner.kill('SIGTERM')
    runner.kill('SIGTERM')
    const [code] = await once(runner, 'exit')
    expect(code).toBe(1)
    expect(await readRun(platform.store, run.id)).toMatchObject({ status: 'CANCELLED', error: { code: 'RUNNER_LOST' } })
    expect(await readServer(platform.store, 'asked')).toMatchObject({ status: 'FAILED' })
    expect(await lockOf(run)).toBeUndefined()
    expect((await stateOf(run))?.body.toString()).toContain('aws_cloudwatch_log_group')
    const remove = await platform.run('asked', 'delete')
    await succeeds(remove)
  })
})
