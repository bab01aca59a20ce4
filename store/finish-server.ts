import { GantryError } from '../schema/error-code.ts'
import type { Run, RunError } from '../schema/run.ts'
import type { Server } from '../schema/server.ts'
import { type ServerStatus, serverStatusesBefore } from '../schema/server-status.ts'
import { freeName } from './claims.ts'
import { driftAfterApply } from './drift-after-apply.ts'
import { firstEvent, type NewEvent } from './events.ts'
import { fitTools } from './fit-tools.ts'
import { deleteRevisions } from './revisions.ts'
import { moveRun, putRun, readRun } from './runs.ts'
import { deleteServer, readServer, updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { type Write, writeAll } from './transaction.ts'

export interface Finish {
  /** Holds the apply lease (from `beginApply`). */
  readonly run: Run
  /** GONE ends the record: server, claim on the name, and revisions are removed. */
  readonly to: Extract<ServerStatus, 'IN_SERVICE' | 'STOPPED' | 'FAILED'> | 'GONE'
  /** How the run ends; by default FAILED with a FAILED server, else SUCCEEDED. */
  readonly runTo?: 'SUCCEEDED' | 'FAILED' | 'CANCELLED'
  /** `error` goes to run and server. What was applied is taken from the run when it succeeds. */
  readonly patch?: Partial<Pick<Server, 'endpoint' | 'tools' | 'appliedMode' | 'groups'>> & { error?: RunError }
  /** A run that follows at once, queued in the same transaction. */
  readonly then?: { readonly run: Run; readonly event: NewEvent }
}

/** Ends an applying run and frees the apply lease, in one transaction. Throws CONFLICT when the lease is not the run's. */
export async function finishServer(ctx: StoreContext, finish: Finish): Promise<{ run: Run; server: Server | undefined }> {
  const { run, to, runTo = to === 'FAILED' ? 'FAILED' : 'SUCCEEDED', patch = {}, then } = finish
  if (run.generation === undefined) throw new GantryError('CONFLICT', `run ${run.id} does not hold the apply lease`)
  await writeAll(ctx, [
    ...(await serverWrites(ctx, finish, runTo === 'SUCCEEDED')),
    moveRun(ctx, run, runTo, patch.error ? { error: patch.error } : {}),
    ...(then ? [putRun(ctx, { ...then.run, eventCount: 1 }), firstEvent(ctx, then.run.id, then.event)] : []),
  ])
  if (to === 'GONE') await deleteRevisions(ctx, run.serverId, run.serverUid)
  const [ended, server] = await Promise.all([readRun(ctx, run.id), readServer(ctx, run.serverId)])
  if (!ended) throw new GantryError('NOT_FOUND', `run ${run.id} does not exist`)
  return { run: ended, server: server?.uid === run.serverUid ? server : undefined }
}

async function serverWrites(ctx: StoreContext, { run, to, patch = {}, then }: Finish, succeeded: boolean): Promise<Write[]> {
  const expected = { uid: run.serverUid, applyingRunId: run.id, generation: run.generation, status: serverStatusesBefore(to) }
  if (to === 'GONE') return [deleteServer(ctx, run.serverId, expected), freeName(ctx, run.serverId, run.serverUid)]
  const applied = succeeded &&
    run.type === 'apply' && {
      appliedRevision: run.revision,
      appliedContractSha256: run.plan?.contractSha256,
      drift: await driftAfterApply(ctx, run),
    }
  const { tools, ...rest } = patch
  const set = {
    ...applied,
    ...rest,
    ...(tools && { tools: fitTools(tools) }),
    error: patch.error,
    status: to,
    applyingRunId: undefined,
    ...(then && { lastRunId: then.run.id }),
  }
  return [updateServer(ctx, run.serverId, set, expected)]
}
