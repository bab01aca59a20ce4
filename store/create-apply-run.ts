import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal } from '../schema/run-status.ts'
import { settledStatuses } from '../schema/server-status.ts'
import { firstEvent, type NewEvent } from './events.ts'
import { putRun, readRun, runHasEnded } from './runs.ts'
import { readServer, updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/**
 * Another run of a settled server's newest revision, after the last one has ended. Throws NOT_FOUND, WRONG_STATUS, or
 * CONFLICT when another call was faster.
 */
export async function createApplyRun(ctx: StoreContext, { run, event }: { run: Run; event: NewEvent }): Promise<{ run: Run }> {
  const server = await readServer(ctx, run.serverId)
  if (server?.uid !== run.serverUid) throw new GantryError('NOT_FOUND', `server ${run.serverId} does not exist`)
  const wrong = (why: string) => new GantryError('WRONG_STATUS', `server ${server.id} cannot be applied now: ${why}`)
  const last = await readRun(ctx, server.lastRunId)
  if (last && !isTerminal(last.status)) throw wrong(`its run ${last.id} is ${last.status}; wait until that has ended`)
  if (!settledStatuses.some((status) => status === server.status)) throw wrong(`it is ${server.status}`)
  const expected = {
    uid: server.uid,
    revision: run.revision,
    status: settledStatuses,
    applyingRunId: undefined,
    lastRunId: server.lastRunId,
  }
  const moved = () => wrong(`its run ${server.lastRunId} has not ended`)
  const queued = { ...run, eventCount: 1 }
  await writeAll(ctx, [
    updateServer(ctx, server.id, { lastRunId: run.id }, expected),
    ...(last ? [runHasEnded(ctx, last.id, moved)] : []),
    putRun(ctx, queued),
    firstEvent(ctx, run.id, event),
  ])
  return { run: queued }
}
