import type { Run, RunError } from '../schema/run.ts'
import type { RunStatus } from '../schema/run-status.ts'
import type { Server } from '../schema/server.ts'
import { freeName } from './claims.ts'
import { deleteServer, readServer, updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import type { Write } from './transaction.ts'

export interface Fate {
  readonly writes: Write[]
  /** The server goes too; its revisions are to be removed. */
  readonly serverGoes: boolean
}

const unchanged: Fate = { writes: [], serverGoes: false }

/**
 * What the end of a run that applied nothing means for its server. One never applied goes with a run that was discarded or
 * expired, and is FAILED where the run failed or was cancelled. Of any other, the newest revision is again the one that a run
 * last began to apply, so that no later change carries a refused one along.
 */
export async function fateOf(ctx: StoreContext, run: Run, to: RunStatus, error?: RunError): Promise<Fate> {
  const server = await readServer(ctx, run.serverId)
  if (server?.uid !== run.serverUid || server.lastRunId !== run.id || server.applyingRunId) return unchanged
  const refused = to === 'DISCARDED' || to === 'EXPIRED'
  const expected = { uid: server.uid, status: server.status, lastRunId: run.id, applyingRunId: undefined, revision: server.revision }
  if (server.status !== 'CREATING') return refused ? { writes: goBack(ctx, server, run, expected), serverGoes: false } : unchanged
  if (refused) return { writes: [deleteServer(ctx, server.id, expected), freeName(ctx, server.id, server.uid)], serverGoes: true }
  if (to === 'SUPERSEDED') return unchanged
  return { writes: [updateServer(ctx, server.id, { status: 'FAILED', error }, expected)], serverGoes: false }
}

function goBack(ctx: StoreContext, server: Server, run: Run, expected: Record<string, unknown>): Write[] {
  const { begunRevision } = server
  if (run.type !== 'apply' || begunRevision === undefined || begunRevision >= server.revision) return []
  return [updateServer(ctx, server.id, { revision: begunRevision, newestRevision: server.newestRevision ?? server.revision }, expected)]
}
