import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import type { Server } from '../schema/server.ts'
import { type FoundDrift, fitDrift } from './fit-drift.ts'
import { moveRun, readRun } from './runs.ts'
import { readServer, updateServer } from './servers.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/**
 * Ends a drift run: SUCCEEDED with what was found on its server, or NO_CHANGES, and then the server has not drifted. `server`:
 * as it was when the run began. Throws CONFLICT or NOT_FOUND where another run has begun to change it since.
 */
export async function finishDrift(
  ctx: StoreContext,
  { run, server, found }: { run: Run; server: Server; found: FoundDrift },
): Promise<Run> {
  const current = await readServer(ctx, server.id)
  if (current?.uid !== server.uid) throw new GantryError('NOT_FOUND', `server ${server.id} of run ${run.id} does not exist any more`)
  const checkedAt = nowOf(ctx).toISOString()
  const drifted = found.changes.length > 0
  const drift = drifted ? { since: current.drift?.since ?? checkedAt, checkedAt, runId: run.id, ...fitDrift(found) } : undefined
  const unchanged = { uid: server.uid, status: server.status, generation: server.generation, applyingRunId: undefined }
  await writeAll(ctx, [
    updateServer(ctx, server.id, { drift, driftCheckedAt: checkedAt }, unchanged),
    moveRun(ctx, run, drifted ? 'SUCCEEDED' : 'NO_CHANGES', {}),
  ])
  const ended = await readRun(ctx, run.id)
  if (!ended) throw new GantryError('NOT_FOUND', `run ${run.id} does not exist`)
  return ended
}
