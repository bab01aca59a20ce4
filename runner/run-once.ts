import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AwsClients } from '../aws/clients.ts'
import type { Run, RunError } from '../schema/run.ts'
import type { RunStatus } from '../schema/run-status.ts'
import { readRun } from '../store/runs.ts'
import type { StoreContext } from '../store/store-context.ts'
import { transitionRun } from '../store/transition-run.ts'
import { writeCliConfig } from '../terraform/cli-config.ts'
import { terraformEnvironment } from '../terraform/environment.ts'
import type { RunnerConfig } from './config.ts'
import { dropRawPlan } from './drop-raw-plan.ts'
import { endRun } from './end-run.ts'
import { cancelled, startHeartbeat } from './heartbeat.ts'
import type { RunnerPorts } from './ports.ts'
import { createReport } from './report.ts'
import type { RunContext } from './run-context.ts'
import { runErrorOf } from './run-failure.ts'
import { applyRevision } from './steps/apply-revision.ts'
import { deleteServer } from './steps/delete-server.ts'
import { detectDrift } from './steps/detect-drift.ts'
import { loadRun } from './steps/load-run.ts'
import { speculate } from './steps/plan-revision.ts'
import { verifyAgain } from './steps/verify-again.ts'

export interface RunOnceOptions {
  readonly config: RunnerConfig
  readonly clients: AwsClients
  readonly store: StoreContext
  readonly ports: RunnerPorts
  /** Aborted when the build is asked to stop. */
  readonly signal: AbortSignal
}

/**
 * Works one queued run until it ends or waits for review, or an approved one to its end, and returns what it is then. Any
 * other run is somebody else's: nothing is done.
 */
export async function runOnce(options: RunOnceOptions): Promise<RunStatus> {
  const { config, store } = options
  const queued = await readRun(store, config.runId)
  if (!queued) throw new Error(`Run ${config.runId} does not exist in table ${config.table}.`)
  const approved = queued.status === 'AWAITING_REVIEW' && queued.approval !== undefined
  if (queued.status !== 'QUEUED' && !approved) return queued.status
  const startedAt = new Date()
  const current: RunContext['current'] = { run: approved ? queued : await begin(store, queued, config.buildId), applied: false }
  const asked = new AbortController()
  const signal = AbortSignal.any([options.signal, asked.signal])
  const report = createReport(store, config.runId)
  const heart = startHeartbeat(store, current, config.buildId, (why) => asked.abort(why))
  const directory = await mkdtemp(join(tmpdir(), `gantry-${config.runId}-`))
  const state: { context?: RunContext } = {}
  try {
    const context = await makeContext(options, { report, signal, directory, current, startedAt })
    state.context = context
    if (queued.cancel) asked.abort(cancelled(queued.cancel))
    signal.throwIfAborted()
    await work[current.run.type](context, options.ports)
  } catch (thrown) {
    await report.flush()
    // Another build of the same approval may be applying it just now.
    if (state.context && (await isOurs(store, current.run))) await dropRawPlan(state.context)
    await endRun({ store, current, report, cancelled: signal.aborted, server: state.context?.server, error: errorOf(thrown, signal) })
  } finally {
    heart.stop()
    await report.flush()
    await rm(directory, { recursive: true, force: true })
  }
  return (await readRun(store, config.runId))?.status ?? current.run.status
}

const isOurs = async (store: StoreContext, { id, generation }: Run): Promise<boolean> =>
  (await readRun(store, id))?.generation === generation

const work: Record<Run['type'], (context: RunContext, ports: RunnerPorts) => Promise<void>> = {
  apply: applyRevision,
  delete: deleteServer,
  verify: verifyAgain,
  plan: speculate,
  drift: detectDrift,
}

const begin = (store: StoreContext, run: Run, buildId: string | undefined): Promise<Run> =>
  transitionRun(store, run, run.type === 'verify' ? 'VERIFYING' : 'PLANNING', buildId ? { buildId } : {})

function errorOf(thrown: unknown, signal: AbortSignal): RunError {
  if (!signal.aborted) return runErrorOf(thrown)
  return { ...runErrorOf(thrown), ...runErrorOf(signal.reason, 'RUNNER_LOST') }
}

type Made = Pick<RunContext, 'report' | 'signal' | 'directory' | 'current' | 'startedAt'>

async function makeContext({ config, clients, store }: RunOnceOptions, made: Made): Promise<RunContext> {
  const loaded = await made.report.step('load', 'The run is read from the store', () =>
    loadRun(store, clients, config.platform, made.current.run),
  )
  const cliConfigFile = join(made.directory, 'terraform.rc')
  await writeCliConfig(cliConfigFile, config.providerMirror)
  return { ...made, ...loaded, config, clients, store, terraformEnvironment: terraformEnvironment(config.environment, cliConfigFile) }
}
