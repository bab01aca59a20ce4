import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import type { Server, Tool } from '../schema/server.ts'
import { fitTools } from './fit-tools.ts'
import { moveRun, readRun } from './runs.ts'
import { updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/** Ends a verify run SUCCEEDED and keeps the tools it saw. Throws CONFLICT where another run has begun to change `server`. */
export async function finishVerification(
  ctx: StoreContext,
  { run, server, tools }: { run: Run; server: Server; tools: Tool[] },
): Promise<Run> {
  const unchanged = { uid: server.uid, status: 'IN_SERVICE', generation: server.generation, applyingRunId: undefined }
  await writeAll(ctx, [updateServer(ctx, server.id, { tools: fitTools(tools) }, unchanged), moveRun(ctx, run, 'SUCCEEDED', {})])
  const ended = await readRun(ctx, run.id)
  if (!ended) throw new GantryError('NOT_FOUND', `run ${run.id} does not exist`)
  return ended
}
