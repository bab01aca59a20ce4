import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal } from '../schema/run-status.ts'
import { firstEvent, type NewEvent } from './events.ts'
import { putRun, readRun } from './runs.ts'
import { readServer, updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/** A run that verifies a server in service; one at a time. Throws NOT_FOUND, WRONG_STATUS, or CONFLICT when another call was faster. */
export async function createVerifyRun(ctx: StoreContext, { run, event }: { run: Run; event: NewEvent }): Promise<Run> {
  const server = await readServer(ctx, run.serverId)
  if (server?.uid !== run.serverUid) throw new GantryError('NOT_FOUND', `server ${run.serverId} does not exist`)
  const wrong = (why: string) => new GantryError('WRONG_STATUS', `server ${server.id} cannot be verified now: ${why}`)
  if (server.status !== 'IN_SERVICE') throw wrong(`it is ${server.status}, and only what is IN_SERVICE answers`)
  const last = server.verifyRunId === undefined ? undefined : await readRun(ctx, server.verifyRunId)
  if (last && !isTerminal(last.status)) throw wrong(`run ${last.id} does it already`)
  const queued = { ...run, eventCount: 1 }
  const expected = { uid: server.uid, status: 'IN_SERVICE', verifyRunId: server.verifyRunId }
  await writeAll(ctx, [
    updateServer(ctx, server.id, { verifyRunId: run.id }, expected),
    putRun(ctx, queued),
    firstEvent(ctx, run.id, event),
  ])
  return queued
}
