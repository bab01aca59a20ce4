import { decide } from '../../access/decide.ts'
import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { Server } from '../../schema/server.ts'
import { readRevision } from '../../store/revisions.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import { edgeFacts } from '../edge-facts.ts'
import type { ApiPorts } from '../ports.ts'
import { runView, type ServerDetail, serverView } from '../views.ts'

/** One server with its last run; what a caller may not see does not exist. */
export async function getServer(ports: ApiPorts, principal: Principal, id: string): Promise<ServerDetail> {
  const server = await readVisibleServer(ports, principal, id)
  const [run, revision, { edge }] = await Promise.all([
    readRun(ports.store, server.lastRunId),
    principal.admin ? readRevision(ports.store, server.id, server.uid, server.revision) : undefined,
    ports.contract(),
  ])
  return {
    ...serverView(server),
    edge: edgeFacts[edge],
    ...(run && { lastRun: runView(run) }),
    ...(revision && { definition: revision.definition }),
  }
}

async function readVisibleServer(ports: ApiPorts, principal: Principal, id: string): Promise<Server> {
  const server = await readServer(ports.store, id)
  if (server && decide(principal, 'server:read', server).allow) return server
  throw new GantryError('NOT_FOUND', `There is no server ${JSON.stringify(id)}.`)
}
