import { GantryError } from '../schema/error-code.ts'
import type { Approval } from '../schema/review.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal } from '../schema/run-status.ts'
import { changeWithEvent } from './events.ts'
import { readRun } from './runs.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/**
 * Notes who approved a waiting run's plan; a build may begin to apply it from now on. Of approvals, discards and newer
 * revisions exactly one wins. Throws WRONG_STATUS with what came first, NOT_FOUND.
 */
export async function approveRun(ctx: StoreContext, { run, approval }: { run: Run; approval: Approval }): Promise<Run> {
  for (let seen: Run | undefined = run; ; seen = await readRun(ctx, run.id)) {
    if (!seen) throw new GantryError('NOT_FOUND', `Run ${run.id} does not exist.`)
    refuseUnlessWaiting(seen, 'approved')
    const message = `${approval.by} approved the plan${approval.via === 'api' ? '' : ` by merging it (${approval.commit})`}.`
    const event = { writer: 'api', type: 'run.approved', message, data: { by: approval.by, via: approval.via } } as const
    const patch = { approval, buildId: undefined }
    try {
      await writeAll(ctx, changeWithEvent(ctx, seen, event, patch, { status: 'AWAITING_REVIEW', approval: undefined }))
      return (await readRun(ctx, run.id)) ?? seen
    } catch (error) {
      if (!(error instanceof GantryError && error.code === 'CONFLICT')) throw error
    }
  }
}

/** Throws WRONG_STATUS, with what the run is instead, unless it waits for a decision. */
export function refuseUnlessWaiting(run: Run, asked: 'approved' | 'discarded'): void {
  if (run.status === 'AWAITING_REVIEW' && !run.approval) return
  const why = run.approval
    ? `${run.approval.by} approved it at ${run.approval.at}`
    : `it is ${run.status}${isTerminal(run.status) ? '; start a new run' : ', and only what is AWAITING_REVIEW waits for a decision'}`
  throw new GantryError('WRONG_STATUS', `Run ${run.id} cannot be ${asked}: ${why}.`)
}
