import type { Run, SavedPlan } from '../../schema/run.ts'
import { readRun } from '../../store/runs.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { transitionRun } from '../../store/transition-run.ts'

const hash = (of: string) => of.repeat(64)

export const savedPlan = (runId: string): SavedPlan => ({
  artifactKey: `runs/${runId}/artifact.tar.gz`,
  artifactSha256: hash('a'),
  planSha256: hash('b'),
  lockSha256: hash('c'),
  contractSha256: hash('d'),
  baseSerial: -1,
  lineage: '',
  generation: 0,
  changes: true,
  routes: false,
  counts: { create: 1, update: 0, delete: 0, replace: 0 },
})

/** What the runner does with a plan that people have to see; it waits for an hour unless told otherwise. */
export async function hold(store: StoreContext, runId: string, until = new Date(Date.now() + 3_600_000)): Promise<Run> {
  const queued = await readRun(store, runId)
  if (!queued) throw new Error(`no run ${runId}`)
  const planning = await transitionRun(store, queued, 'PLANNING')
  return transitionRun(store, planning, 'AWAITING_REVIEW', {
    plan: savedPlan(runId),
    hold: { reasons: ['aws_lb.alb is replaced'], until: until.toISOString() },
  })
}
