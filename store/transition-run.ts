import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal, type RunStatus } from '../schema/run-status.ts'
import { deleteRevisions } from './revisions.ts'
import { fateOf } from './run-fate.ts'
import { moveRun, type RunPatch, readRun } from './runs.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/**
 * Moves a run on, only from a status before `to` and in its own generation; throws CONFLICT otherwise. A run that holds
 * the apply lease ends through `finishServer`. What its end means for its server is written with it.
 */
export async function transitionRun(ctx: StoreContext, run: Run, to: RunStatus, patch: RunPatch = {}): Promise<Run> {
  if (isTerminal(to) && run.generation !== undefined) {
    throw new GantryError('INTERNAL', `run ${run.id} holds the apply lease: end it with finishServer, not by a transition to ${to}`)
  }
  const fate = isTerminal(to) ? await fateOf(ctx, run, to, patch.error) : undefined
  await writeAll(ctx, [moveRun(ctx, run, to, patch), ...(fate?.writes ?? [])])
  if (fate?.serverGoes) await deleteRevisions(ctx, run.serverId, run.serverUid)
  const moved = await readRun(ctx, run.id)
  if (!moved) throw new GantryError('NOT_FOUND', `run ${run.id} does not exist`)
  return moved
}
