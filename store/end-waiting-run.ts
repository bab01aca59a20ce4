import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { refuseUnlessWaiting } from './approve-run.ts'
import { endWithEvent, type NewEvent } from './events.ts'
import { deleteRevisions } from './revisions.ts'
import { fateOf } from './run-fate.ts'
import { readRun } from './runs.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/**
 * Ends a run whose plan nobody approved, with its last event; `serverGone` where the server was never applied and goes with
 * it. Throws WRONG_STATUS where the run does not wait any more.
 */
export async function endWaitingRun(
  ctx: StoreContext,
  { run, to, event }: { run: Run; to: 'DISCARDED' | 'EXPIRED'; event: NewEvent },
): Promise<{ run: Run; serverGone: boolean }> {
  for (let seen: Run | undefined = run; ; seen = await readRun(ctx, run.id)) {
    if (!seen) throw new GantryError('NOT_FOUND', `Run ${run.id} does not exist.`)
    refuseUnlessWaiting(seen, 'discarded')
    const { writes, serverGoes } = await fateOf(ctx, seen, to)
    try {
      await writeAll(ctx, [...endWithEvent(ctx, seen, to, event), ...writes])
    } catch (error) {
      if (error instanceof GantryError && error.code === 'CONFLICT') continue
      throw error
    }
    if (serverGoes) await deleteRevisions(ctx, seen.serverId, seen.serverUid)
    return { run: (await readRun(ctx, run.id)) ?? seen, serverGone: serverGoes }
  }
}
