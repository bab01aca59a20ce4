import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal } from '../schema/run-status.ts'
import type { Server } from '../schema/server.ts'
import { settledStatuses } from '../schema/server-status.ts'
import { freeName } from './claims.ts'
import { endWithEvent, firstEvent, type NewEvent } from './events.ts'
import { deleteRevisions } from './revisions.ts'
import { moveRun, putRun, readRun, runHasEnded } from './runs.ts'
import { deleteServer, readServer, updateServer } from './servers.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/**
 * The run that deletes a settled server without an open run. A server never applied is gone at once: its waiting run is
 * superseded and the delete run returned has already SUCCEEDED. Throws NOT_FOUND, WRONG_STATUS, or CONFLICT when another
 * call was faster.
 */
export async function createDeleteRun(ctx: StoreContext, { run, event }: { run: Run; event: NewEvent }): Promise<{ run: Run }> {
  const server = await readServer(ctx, run.serverId)
  if (server?.uid !== run.serverUid) throw new GantryError('NOT_FOUND', `server ${run.serverId} does not exist`)
  const last = await readRun(ctx, server.lastRunId)
  if (server.status === 'CREATING' && !server.applyingRunId && last) return withdraw(ctx, server, last, { run, event })
  if (!settledStatuses.some((status) => status === server.status)) throw notSettled(server, `its status is ${server.status}`)
  const waits = last?.status === 'AWAITING_REVIEW' && !last.approval && last.type === 'apply'
  if (last && !isTerminal(last.status) && !waits) throw notSettled(server, `its run ${last.id} is ${last.status}`)
  const stillOpen = () => notSettled(server, `its run ${server.lastRunId} has not ended`)
  const queued = { ...run, eventCount: 1 }
  const expected = { uid: server.uid, status: settledStatuses, applyingRunId: undefined, lastRunId: server.lastRunId }
  await writeAll(ctx, [
    updateServer(ctx, server.id, { lastRunId: run.id }, expected),
    ...(waits ? endWithEvent(ctx, last, 'SUPERSEDED', supersededBy(run)) : [runHasEnded(ctx, server.lastRunId, stillOpen)]),
    putRun(ctx, queued),
    firstEvent(ctx, run.id, event),
  ])
  return { run: queued }
}

async function withdraw(
  ctx: StoreContext,
  server: Server,
  last: Run,
  { run, event }: { run: Run; event: NewEvent },
): Promise<{ run: Run }> {
  const now = nowOf(ctx).toISOString()
  const done: Run = { ...run, status: 'SUCCEEDED', eventCount: 1, updatedAt: now, endedAt: now }
  const expected = { uid: server.uid, status: 'CREATING', applyingRunId: undefined, lastRunId: last.id }
  await writeAll(ctx, [
    deleteServer(ctx, server.id, expected),
    freeName(ctx, server.id, server.uid),
    ...(isTerminal(last.status) ? [] : [moveRun(ctx, last, 'SUPERSEDED', {}, { approval: undefined })]),
    putRun(ctx, done),
    firstEvent(ctx, run.id, event),
  ])
  await deleteRevisions(ctx, server.id, server.uid)
  return { run: done }
}

const supersededBy = (run: Run): NewEvent => ({
  writer: 'api',
  type: 'run.superseded',
  message: `The server is being deleted (run ${run.id}); this run ends before it applied anything.`,
})

const notSettled = (server: Server, why: string) =>
  new GantryError(
    'WRONG_STATUS',
    `server ${server.id} cannot be deleted now: ${why}; expected ${settledStatuses.join(', ')} without an open run`,
  )
