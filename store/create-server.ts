import { Revision } from '../schema/revision.ts'
import type { Run } from '../schema/run.ts'
import { Server } from '../schema/server.ts'
import { claimName } from './claims.ts'
import { firstEvent, type NewEvent } from './events.ts'
import { putNew } from './put-new.ts'
import { revisionItem } from './revisions.ts'
import { putRun } from './runs.ts'
import { serverItem } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/** Server, first revision, first run with its first event, and the claim on the name: all or none. Throws NAME_TAKEN. */
export async function createServer(
  ctx: StoreContext,
  { server, revision, run, event }: { server: Server; revision: Revision; run: Run; event: NewEvent },
): Promise<{ server: Server; run: Run }> {
  const first = { ...run, eventCount: 1 }
  await writeAll(ctx, [
    claimName(ctx, server),
    putNew(ctx, serverItem(Server.parse(server))),
    putNew(ctx, revisionItem(Revision.parse(revision))),
    putRun(ctx, first),
    firstEvent(ctx, run.id, event),
  ])
  return { server, run: first }
}
