import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { Server } from '../../schema/server.ts'
import { type CheckType, createCheckRun } from '../../store/create-check-run.ts'
import { listServers } from '../../store/servers.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView } from '../views.ts'
import { findServer } from './find-server.ts'
import { listVisible } from './list-visible.ts'
import { newRun } from './new-run.ts'
import { startRun } from './start-run.ts'

/** How many runs are stored and started side by side. */
const atOnce = 10

/** Verifies a server in service once more, or compares what was applied with what is. Throws NOT_FOUND, WRONG_STATUS or CONFLICT. */
export const checkServer =
  (type: CheckType) =>
  async (ports: ApiPorts, principal: Principal, id: string): Promise<{ run: RunView; location: string }> => {
    authorise(principal, 'run:create')
    const run = await check(ports, principal, await findServer(ports, id), type)
    const { publicUrl } = await ports.contract()
    return { run, location: `${publicUrl}/runs/${run.id}` }
  }

interface Checks {
  readonly items: RunView[]
  /** Servers that no run was made for, and why. */
  readonly skipped: { serverId: string; reason: string }[]
  readonly cursor?: string
}

/** The same for one page of all servers. */
export async function checkServers(
  ports: ApiPorts,
  principal: Principal,
  { type, ...options }: { type: CheckType; cursor?: string | undefined; limit: number },
): Promise<Checks> {
  authorise(principal, 'run:create')
  const { items: servers, ...position } = await listVisible(type, options, (page) => listServers(ports.store, page))
  const items: RunView[] = []
  const skipped: { serverId: string; reason: string }[] = []
  for (let first = 0; first < servers.length; first += atOnce) {
    await Promise.all(
      servers.slice(first, first + atOnce).map(async (server) => {
        try {
          items.push(await check(ports, principal, server, type))
        } catch (error) {
          if (!(error instanceof GantryError)) throw error
          skipped.push({ serverId: server.id, reason: error.message })
        }
      }),
    )
  }
  return { items, skipped, ...position }
}

const asked: Readonly<Record<CheckType, (id: string) => string>> = {
  verify: (id) => `Server ${id} is asked once more what it can do.`,
  drift: (id) => `Server ${id} is compared with what was applied.`,
}

async function check(ports: ApiPorts, principal: Principal, server: Server, type: CheckType): Promise<RunView> {
  const revision = server.appliedRevision ?? server.revision
  const run = newRun(ports, principal, { serverId: server.id, serverUid: server.uid, revision, type })
  const stored = await createCheckRun(ports.store, { run, event: { writer: 'api', type: 'run.queued', message: asked[type](server.id) } })
  await startRun(ports, stored, 'api')
  return runView(stored)
}
