import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal } from '../schema/run-status.ts'
import { changeWithEvent, endWithEvent } from './events.ts'
import { fateOf } from './run-fate.ts'
import { readRun } from './runs.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/**
 * Ends a run that no build has taken yet at once; of any other asks the build, which looks every few seconds. Asking twice is
 * asking once. Throws WRONG_STATUS for a run that has ended or waits for review (that is discarded), NOT_FOUND.
 */
export async function cancelRun(ctx: StoreContext, { run, by }: { run: Run; by: string }): Promise<Run> {
  for (let seen: Run | undefined = run; ; seen = await readRun(ctx, run.id)) {
    if (!seen) throw new GantryError('NOT_FOUND', `Run ${run.id} does not exist.`)
    refuseUnlessWorkedOn(seen)
    if (seen.cancel) return seen
    try {
      await writeAll(ctx, await cancelling(ctx, seen, by))
      return (await readRun(ctx, run.id)) ?? seen
    } catch (error) {
      if (!(error instanceof GantryError && error.code === 'CONFLICT')) throw error
    }
  }
}

async function cancelling(ctx: StoreContext, run: Run, by: string) {
  if (run.status === 'QUEUED' && run.buildId === undefined) {
    const message = `${by} cancelled the run before a build took it. Nothing was applied.`
    const { writes } = await fateOf(ctx, run, 'CANCELLED', { code: 'CANCELLED', message })
    return [...endWithEvent(ctx, run, 'CANCELLED', { writer: 'api', type: 'run.cancelled', message }), ...writes]
  }
  const message = `${by} asked to cancel the run: its build stops as soon as it can without losing what it made.`
  const cancel = { by, at: nowOf(ctx).toISOString() }
  return changeWithEvent(ctx, run, { writer: 'api', type: 'run.cancel-asked', message }, { cancel }, { status: run.status })
}

function refuseUnlessWorkedOn(run: Run): void {
  const waits = run.status === 'AWAITING_REVIEW' && !run.approval
  if (!isTerminal(run.status) && !waits) return
  const why = waits ? `it waits for review: discard it (POST /runs/${run.id}/discard)` : `it is ${run.status}`
  throw new GantryError('WRONG_STATUS', `Run ${run.id} cannot be cancelled: ${why}.`)
}
