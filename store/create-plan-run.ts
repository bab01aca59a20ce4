import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { firstEvent, type NewEvent } from './events.ts'
import { putRun } from './runs.ts'
import { readServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/** A speculative plan of a server's newest revision; any number of them side by side. Throws NOT_FOUND or WRONG_STATUS. */
export async function createPlanRun(ctx: StoreContext, { run, event }: { run: Run; event: NewEvent }): Promise<Run> {
  const server = await readServer(ctx, run.serverId)
  if (server?.uid !== run.serverUid) throw new GantryError('NOT_FOUND', `server ${run.serverId} does not exist`)
  if (server.status === 'DELETING') throw new GantryError('WRONG_STATUS', `server ${server.id} cannot be planned now: it is DELETING`)
  const queued = { ...run, eventCount: 1 }
  await writeAll(ctx, [putRun(ctx, queued), firstEvent(ctx, run.id, event)])
  return queued
}
