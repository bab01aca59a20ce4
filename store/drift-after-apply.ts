import type { ServerDrift } from '../schema/drift.ts'
import type { Run } from '../schema/run.ts'
import { readServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'

/** What an apply that went well leaves of its server's drift: what Gantry does not manage. */
export async function driftAfterApply(ctx: StoreContext, run: Run): Promise<ServerDrift | undefined> {
  const server = await readServer(ctx, run.serverId)
  if (server?.uid !== run.serverUid || !server.drift) return undefined
  const { adopt: _, more: __, ...drift } = server.drift
  const changes = drift.changes.filter(({ stays }) => stays)
  return changes.length > 0 ? { ...drift, changes } : undefined
}
