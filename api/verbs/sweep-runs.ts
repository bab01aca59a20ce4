import type { RunnerBuild } from '../../aws/builds.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { Run } from '../../schema/run.ts'
import { listOpenRuns } from '../../store/runs.ts'
import { judgeRun } from '../judge-run.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { endLostRun } from './end-lost-run.ts'
import { endWaiting } from './review-run.ts'
import { startRun } from './start-run.ts'
import { syncReviews } from './sync-reviews.ts'

export interface Sweep {
  /** Ids of the runs that were started and ended. */
  readonly started: string[]
  readonly ended: string[]
}

/** Looks at every open run once: starts what nobody started, ends what nobody works on. One bad run does not stop the rest. */
export async function sweepRuns(ports: ReconcilerPorts): Promise<Sweep> {
  const sweep: Sweep = { started: [], ended: [] }
  const runs = await listOpenRuns(ports.store)
  const builds = await ports.readBuilds(runs.flatMap(({ buildId }) => buildId ?? []))
  for (const run of runs) {
    try {
      await sweepRun(ports, run, run.buildId === undefined ? undefined : builds.get(run.buildId), sweep)
    } catch (error) {
      const raced = error instanceof GantryError && (error.code === 'CONFLICT' || error.code === 'WRONG_STATUS')
      if (!raced) ports.log({ event: 'sweep.run-failed', runId: run.id, error })
    }
  }
  await syncReviews(ports, runs).catch((error: unknown) => ports.log({ event: 'sweep.reviews-failed', error }))
  return sweep
}

async function sweepRun(ports: ReconcilerPorts, run: Run, build: RunnerBuild | undefined, sweep: Sweep): Promise<void> {
  const verdict = judgeRun(run, build, ports.clock.now())
  if (verdict.do === 'start' && (await startRun(ports, run, 'reconciler'))) sweep.started.push(run.id)
  if (verdict.do === 'end' && (await endLostRun(ports, run, verdict))) sweep.ended.push(run.id)
  if (verdict.do === 'expire') {
    await endWaiting(ports, run, 'EXPIRED', `Nobody decided until ${run.hold?.until}.`)
    sweep.ended.push(run.id)
  }
}
