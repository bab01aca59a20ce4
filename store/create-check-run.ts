import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal } from '../schema/run-status.ts'
import type { Server } from '../schema/server.ts'
import { type ServerStatus, settledStatuses } from '../schema/server-status.ts'
import { firstEvent, type NewEvent } from './events.ts'
import { putRun, readRun } from './runs.ts'
import { readServer, updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { writeAll } from './transaction.ts'

/** Runs that change nothing: `verify` shakes hands, `drift` compares what was applied with what is. */
export type CheckType = 'verify' | 'drift'

interface Check {
  /** Where the server names its newest such run. */
  readonly field: 'verifyRunId' | 'driftRunId'
  readonly done: string
  readonly statuses: readonly ServerStatus[]
  readonly otherwise: string
}

const checks: Readonly<Record<CheckType, Check>> = {
  verify: { field: 'verifyRunId', done: 'verified', statuses: ['IN_SERVICE'], otherwise: 'only what is IN_SERVICE answers' },
  drift: {
    field: 'driftRunId',
    done: 'compared with what is',
    statuses: settledStatuses,
    otherwise: `only one that is ${settledStatuses.join(' or ')} stands still`,
  },
}

/**
 * A run that changes nothing; of each type one at a time, beside whatever else runs. Throws NOT_FOUND, WRONG_STATUS, or
 * CONFLICT when another call was faster.
 */
export async function createCheckRun(
  ctx: StoreContext,
  { run, event }: { run: Run & { readonly type: CheckType }; event: NewEvent },
): Promise<Run> {
  const server = await readServer(ctx, run.serverId)
  if (server?.uid !== run.serverUid) throw new GantryError('NOT_FOUND', `server ${run.serverId} does not exist`)
  const { field } = checks[run.type]
  await refuseWrongTime(ctx, server, run.type)
  const queued = { ...run, eventCount: 1 }
  const expected = { uid: server.uid, status: server.status, [field]: server[field] }
  await writeAll(ctx, [updateServer(ctx, server.id, { [field]: run.id }, expected), putRun(ctx, queued), firstEvent(ctx, run.id, event)])
  return queued
}

async function refuseWrongTime(ctx: StoreContext, server: Server, type: CheckType): Promise<void> {
  const { field, done, statuses, otherwise } = checks[type]
  const wrong = (why: string) => new GantryError('WRONG_STATUS', `server ${server.id} cannot be ${done} now: ${why}`)
  if (!statuses.includes(server.status)) throw wrong(`it is ${server.status}, and ${otherwise}`)
  if (type === 'drift' && server.appliedRevision === undefined) throw wrong('nothing was ever applied')
  const lastId = server[field]
  const last = lastId === undefined ? undefined : await readRun(ctx, lastId)
  if (last && !isTerminal(last.status)) throw wrong(`run ${last.id} does it already`)
}
