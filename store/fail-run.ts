import type { Run, RunError } from '../schema/run.ts'
import { finishServer } from './finish-server.ts'
import { moveRun, readRun } from './runs.ts'
import { readServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'
import { transitionRun } from './transition-run.ts'

/** Ends a run FAILED wherever it stands, and leaves its server deletable. Throws CONFLICT when the run has moved on. */
export async function failRun(ctx: StoreContext, run: Run, error: RunError): Promise<Run> {
  if (run.generation === undefined) return transitionRun(ctx, run, 'FAILED', { error })
  const server = await readServer(ctx, run.serverId)
  if (server?.uid === run.serverUid && server.applyingRunId === run.id) {
    return (await finishServer(ctx, { run, to: 'FAILED', patch: { error } })).run
  }
  await writeAll(ctx, [moveRun(ctx, run, 'FAILED', { error })])
  return (await readRun(ctx, run.id)) ?? run
}
