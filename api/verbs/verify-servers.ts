import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { Server } from '../../schema/server.ts'
import { createVerifyRun } from '../../store/create-verify-run.ts'
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

/** Shakes hands with a server in service once more. Throws NOT_FOUND, WRONG_STATUS or CONFLICT. */
export async function verifyServer(ports: ApiPorts, principal: Principal, id: string): Promise<{ run: RunView; location: string }> {
  authorise(principal, 'run:create')
  const run = await verify(ports, principal, await findServer(ports, id))
  const { publicUrl } = await ports.contract()
  return { run, location: `${publicUrl}/runs/${run.id}` }
}

export interface Verification {
  readonly items: RunView[]
  /** Servers that no run was made for, and why. */
  readonly skipped: { serverId: string; reason: string }[]
  readonly cursor?: string
}

/** The same for one page of all servers. */
export async function verifyServers(
  ports: ApiPorts,
  principal: Principal,
  options: { cursor?: string | undefined; limit: number },
): Promise<Verification> {
  authorise(principal, 'run:create')
  const { items: servers, ...position } = await listVisible('verify', options, (page) => listServers(ports.store, page))
  const items: RunView[] = []
  const skipped: { serverId: string; reason: string }[] = []
  for (let first = 0; first < servers.length; first += atOnce) {
    await Promise.all(
      servers.slice(first, first + atOnce).map(async (server) => {
        try {
          items.push(await verify(ports, principal, server))
        } catch (error) {
          if (!(error instanceof GantryError)) throw error
          skipped.push({ serverId: server.id, reason: error.message })
        }
      }),
    )
  }
  return { items, skipped, ...position }
}

async function verify(ports: ApiPorts, principal: Principal, server: Server): Promise<RunView> {
  const revision = server.appliedRevision ?? server.revision
  const run = newRun(ports, principal, { serverId: server.id, serverUid: server.uid, revision, type: 'verify' })
  const event = { writer: 'api', type: 'run.queued', message: `Server ${server.id} is asked once more what it can do.` } as const
  const stored = await createVerifyRun(ports.store, { run, event })
  await startRun(ports, stored, 'api')
  return runView(stored)
}
