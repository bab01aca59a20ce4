import { setTimeout as delay } from 'node:timers/promises'
import { GantryError } from '../schema/error-code.ts'
import { Revision } from '../schema/revision.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal, waitingRunStatuses } from '../schema/run-status.ts'
import type { Server } from '../schema/server.ts'
import { settledStatuses } from '../schema/server-status.ts'
import { endWithEvent, firstEvent, type NewEvent } from './events.ts'
import { putNew } from './put-new.ts'
import { revisionItem } from './revisions.ts'
import { putRun, readRun, runHasEnded } from './runs.ts'
import { readServer, updateServer } from './servers.ts'
import type { StoreContext } from './store-context.ts'
import { type Write, writeAll } from './transaction.ts'

const mostAttempts = 20

/** The number of a server's next revision: refused ones keep theirs. */
export const nextRevision = ({ revision, newestRevision }: Server): number => Math.max(revision, newestRevision ?? 0) + 1

export interface NewRevision {
  /** `number` is `nextRevision` of the server as it was read. */
  readonly revision: Revision
  /** The number of the revision it was made from, the newest then. */
  readonly base: number
  readonly run: Run
  readonly event: NewEvent
  /** Who may call a server that was never applied; of any other it changes with the run that applies the revision. */
  readonly groups: string[]
}

/**
 * A server's next revision with the run that applies it; a run of an older one that still waits is SUPERSEDED, and an event
 * of it says by what. All or none. Throws NOT_FOUND, WRONG_STATUS, or CONFLICT when another revision was faster.
 */
export async function createRevision(ctx: StoreContext, next: NewRevision): Promise<{ server: Server; run: Run }> {
  for (let attempt = 1; ; attempt += 1) {
    const { server, last } = await readBase(ctx, next)
    try {
      await writeAll(ctx, writes(ctx, next, server, last))
      const updated = await readServer(ctx, server.id)
      if (updated?.uid !== server.uid) throw new GantryError('NOT_FOUND', `server ${server.id} does not exist`)
      return { server: updated, run: { ...next.run, eventCount: 1 } }
    } catch (error) {
      const contended = error instanceof GantryError && error.code === 'CONFLICT' && attempt < mostAttempts
      if (!contended) throw error
    }
    await delay(Math.random() * 10 * attempt)
  }
}

/** The server as it can take the revision now; a run of it that is being planned may move on at any moment. */
async function readBase(ctx: StoreContext, { revision, base }: NewRevision): Promise<{ server: Server; last: Run | undefined }> {
  const server = await readServer(ctx, revision.serverId)
  if (server?.uid !== revision.serverUid) throw new GantryError('NOT_FOUND', `server ${revision.serverId} does not exist`)
  if (server.revision !== base || nextRevision(server) !== revision.number)
    throw new GantryError('CONFLICT', `server ${server.id} has revision ${server.revision} by now; read it again and repeat the change`)
  const last = await readRun(ctx, server.lastRunId)
  const idle = server.applyingRunId === undefined && (server.status === 'CREATING' || isSettled(server))
  if (!idle) throw notNow(server, `it is ${server.status}; wait until run ${server.lastRunId} has ended`)
  if (last && !isTerminal(last.status) && last.type === 'delete')
    throw notNow(server, `its deletion is ${last.status}; wait until run ${last.id} has ended`)
  return { server, last }
}

function writes(ctx: StoreContext, { revision, run, event, groups }: NewRevision, server: Server, last: Run | undefined): Write[] {
  const never = server.status === 'CREATING'
  const expected = {
    uid: server.uid,
    revision: server.revision,
    status: never ? 'CREATING' : settledStatuses,
    applyingRunId: undefined,
    lastRunId: server.lastRunId,
  }
  const patch = { revision: revision.number, newestRevision: undefined, lastRunId: run.id, ...(never && { groups }) }
  return [
    updateServer(ctx, server.id, patch, expected),
    putNew(ctx, revisionItem(Revision.parse(revision))),
    putRun(ctx, { ...run, eventCount: 1 }),
    firstEvent(ctx, run.id, event),
    ...supersede(ctx, server, last, revision),
  ]
}

function supersede(ctx: StoreContext, server: Server, last: Run | undefined, { number }: Revision): Write[] {
  if (!last) return []
  const moved = () => new GantryError('CONFLICT', `run ${last.id} of server ${server.id} has moved on`)
  if (isTerminal(last.status)) return [runHasEnded(ctx, last.id, moved)]
  if (last.approval) throw notNow(server, `its run ${last.id} is approved and about to apply; wait until it has ended`)
  if (!waitingRunStatuses.includes(last.status)) throw moved()
  const message = `Revision ${number} of ${server.id} is newer; this run ends before it applied anything.`
  return endWithEvent(ctx, last, 'SUPERSEDED', { writer: 'api', type: 'run.superseded', message, data: { revision: number } })
}

const isSettled = (server: Server): boolean => settledStatuses.some((status) => status === server.status)

const notNow = (server: Server, why: string) => new GantryError('WRONG_STATUS', `server ${server.id} cannot be changed now: ${why}`)
