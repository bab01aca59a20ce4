import { GantryError } from '../schema/error-code.ts'
import type { Run, SavedPlan } from '../schema/run.ts'
import type { Server } from '../schema/server.ts'
import { settledStatuses } from '../schema/server-status.ts'
import { driftAfterApply } from './drift-after-apply.ts'
import { moveRun, readRun } from './runs.ts'
import { updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/**
 * Ends a run whose plan changes nothing: its revision is the applied one from now on. Throws CONFLICT when the server has
 * a newer revision or somebody applies.
 */
export async function settleUnchanged(
  ctx: StoreContext,
  { run, plan, patch = {} }: { run: Run; plan: SavedPlan; patch?: Partial<Pick<Server, 'appliedMode' | 'groups'>> },
): Promise<Run> {
  const expected = { uid: run.serverUid, applyingRunId: undefined, revision: run.revision, status: settledStatuses }
  const applied = {
    ...patch,
    appliedRevision: run.revision,
    begunRevision: run.revision,
    appliedContractSha256: plan.contractSha256,
    error: undefined,
    drift: await driftAfterApply(ctx, run),
  }
  await writeAll(ctx, [updateServer(ctx, run.serverId, applied, expected), moveRun(ctx, run, 'NO_CHANGES', { plan })])
  const settled = await readRun(ctx, run.id)
  if (!settled) throw new GantryError('NOT_FOUND', `run ${run.id} does not exist`)
  return settled
}
