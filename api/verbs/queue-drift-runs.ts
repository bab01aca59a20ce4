import { GantryError } from '../../schema/error-code.ts'
import type { Server } from '../../schema/server.ts'
import { settledStatuses } from '../../schema/server-status.ts'
import { createCheckRun } from '../../store/create-check-run.ts'
import { listOpenRuns, readRun } from '../../store/runs.ts'
import { listServers } from '../../store/servers.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { newRun } from './new-run.ts'
import { startRun } from './start-run.ts'

const reconciler = { id: 'reconciler', admin: true, groups: [] }
/** Drift runs that are open at a time: what people ask for must still find a build. */
const mostOpen = 5
const hour = 3_600_000
/** Between two looks at all servers, where none was due. */
const longestPause = hour

/**
 * Queues a drift run for each settled server that nobody compared for `review.driftEveryHours`, a few at a time. Each call goes
 * on where the last one stopped; most find out without a read that nothing is due. Answers the ids of the runs.
 */
export function createDriftQueue(ports: ReconcilerPorts): () => Promise<string[]> {
  let notBefore = 0
  return async () => {
    const now = ports.clock.now().getTime()
    if (now < notBefore) return []
    const { driftEveryHours } = (await ports.contract()).review
    notBefore = now + longestPause
    if (driftEveryHours === 0) return []
    const open = (await listOpenRuns(ports.store)).filter(({ type }) => type === 'drift').length
    const { due, next } = await dueServers(ports, now - driftEveryHours * hour)
    const taken = due.slice(0, Math.max(0, mostOpen - open))
    const runIds = await Promise.all(taken.map((server) => queue(ports, server)))
    notBefore = due.length > taken.length ? now : Math.min(notBefore, next + driftEveryHours * hour)
    return runIds.filter((id) => id !== undefined)
  }
}

/** Those last asked before `before`, and when the one was that is due next. */
async function dueServers(ports: ReconcilerPorts, before: number): Promise<{ due: Server[]; next: number }> {
  const due: Server[] = []
  let next = Number.POSITIVE_INFINITY
  let cursor: string | undefined
  do {
    const page = await listServers(ports.store, { ...(cursor !== undefined && { cursor }), limit: 100 })
    for (const server of page.items) {
      const settled = settledStatuses.some((status) => status === server.status) && server.appliedRevision !== undefined
      if (!settled) continue
      const asked = await lastAsked(ports, server, before)
      if (asked <= before) due.push(server)
      else next = Math.min(next, asked)
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return { due, next }
}

/** A run that got no answer counts too: what fails is tried again with the next round, not every minute. */
async function lastAsked(ports: ReconcilerPorts, server: Server, before: number): Promise<number> {
  const answered = Date.parse(server.driftCheckedAt ?? server.createdAt)
  if (answered > before || server.driftRunId === undefined) return answered
  const last = await readRun(ports.store, server.driftRunId)
  return Math.max(answered, last ? Date.parse(last.createdAt) : 0)
}

async function queue(
  ports: ReconcilerPorts,
  { id: serverId, uid: serverUid, appliedRevision: revision = 1 }: Server,
): Promise<string | undefined> {
  const run = newRun(ports, reconciler, { serverId, serverUid, revision, type: 'drift' })
  const message = `Server ${serverId} is compared with what was applied, as the platform does regularly.`
  try {
    const stored = await createCheckRun(ports.store, {
      run,
      event: { writer: 'reconciler', type: 'run.queued', message },
    })
    await startRun(ports, stored, 'reconciler')
    return run.id
  } catch (error) {
    // Somebody was faster, or began to change the server: its turn comes with the next round.
    if (!(error instanceof GantryError)) throw error
    return undefined
  }
}
