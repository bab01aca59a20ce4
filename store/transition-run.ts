import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal, type RunStatus } from '../schema/run-status.ts'
import { freeName } from './claims.ts'
import { deleteRevisions } from './revisions.ts'
import { moveRun, type RunPatch, readRun } from './runs.ts'
import { deleteServer, readServer, updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { type Write, writeAll } from './transaction.ts'

/**
 * Moves a run on, only from a status before `to` and in its own generation; throws CONFLICT otherwise. A run that holds
 * the apply lease ends through `finishServer`. Where the run that creates a server ends before it applied anything, the
 * server goes with it: FAILED when the run failed or was cancelled, gone when it was discarded or expired.
 */
export async function transitionRun(ctx: StoreContext, run: Run, to: RunStatus, patch: RunPatch = {}): Promise<Run> {
  if (isTerminal(to) && run.generation !== undefined) {
    throw new GantryError('INTERNAL', `run ${run.id} holds the apply lease: end it with finishServer, not by a transition to ${to}`)
  }
  const fate = isTerminal(to) ? await serverWrites(ctx, run, to, patch) : []
  await writeAll(ctx, [moveRun(ctx, run, to, patch), ...fate])
  if (fate.length === 2) await deleteRevisions(ctx, run.serverId, run.serverUid)
  const moved = await readRun(ctx, run.id)
  if (!moved) throw new GantryError('NOT_FOUND', `run ${run.id} does not exist`)
  return moved
}

async function serverWrites(ctx: StoreContext, run: Run, to: RunStatus, patch: RunPatch): Promise<Write[]> {
  const server = await readServer(ctx, run.serverId)
  const neverApplied = server?.uid === run.serverUid && server.status === 'CREATING' && server.lastRunId === run.id && !server.applyingRunId
  if (!neverApplied) return []
  const expected = { uid: run.serverUid, status: 'CREATING', lastRunId: run.id, applyingRunId: undefined }
  if (to === 'DISCARDED' || to === 'EXPIRED') return [deleteServer(ctx, server.id, expected), freeName(ctx, server.id, server.uid)]
  if (to === 'SUPERSEDED') return []
  return [updateServer(ctx, server.id, { status: 'FAILED', error: patch.error }, expected)]
}
