import { GantryError } from '../schema/error-code.ts'
import type { Run, SavedPlan } from '../schema/run.ts'
import type { Server } from '../schema/server.ts'
import { serverStatusesBefore } from '../schema/server-status.ts'
import { moveRun, readRun } from './runs.ts'
import { readServer, updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/** What a server is while a run applies; CREATING only for the first apply of its life. */
export type ApplyingStatus = 'CREATING' | 'UPDATING' | 'STOPPING' | 'STARTING' | 'DELETING'

/**
 * Takes the apply lease: the run is APPLYING with a generation of its own, the server has `serverTo` and names the run.
 * `plan`: what a run that nobody reviews applies; a reviewed one has had its plan since it waited.
 * Throws CONFLICT when another run holds the lease or either has moved on, NOT_FOUND when this life of the server is over.
 */
export async function beginApply(
  ctx: StoreContext,
  { run, serverTo, plan, phase }: { run: Run; serverTo: ApplyingStatus; plan?: SavedPlan; phase?: Run['phase'] },
): Promise<{ run: Run; server: Server }> {
  const server = await readServer(ctx, run.serverId)
  if (server?.uid !== run.serverUid) throw new GantryError('NOT_FOUND', `server ${run.serverId} of run ${run.id} does not exist any more`)
  const generation = server.generation + 1
  const from = serverTo === 'CREATING' ? ['CREATING'] : serverStatusesBefore(serverTo)
  const begun = run.type === 'apply' && { begunRevision: run.revision }
  const expected = { uid: run.serverUid, applyingRunId: undefined, generation: server.generation, status: from }
  await writeAll(ctx, [
    updateServer(ctx, server.id, { applyingRunId: run.id, generation, status: serverTo, ...begun }, expected),
    moveRun(ctx, run, 'APPLYING', { generation, ...(plan && { plan }), ...(phase && { phase }) }),
  ])
  const [applying, held] = await Promise.all([readRun(ctx, run.id), readServer(ctx, server.id)])
  if (!applying || !held) throw new GantryError('CONFLICT', `run ${run.id} was ended while it began to apply`)
  return { run: applying, server: held }
}
