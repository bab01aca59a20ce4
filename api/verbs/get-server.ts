import { decide } from '../../access/decide.ts'
import type { Principal } from '../../access/principal.ts'
import { readRevision } from '../../store/revisions.ts'
import { readRun } from '../../store/runs.ts'
import { edgeFacts } from '../edge-facts.ts'
import type { ApiPorts } from '../ports.ts'
import { runView, type ServerDetail, serverView } from '../views.ts'
import { findServer } from './find-server.ts'

/** One server with its last run; what a caller may not see does not exist. */
export async function getServer(ports: ApiPorts, principal: Principal, id: string): Promise<ServerDetail> {
  const server = await findServer(ports, id, (found) => decide(principal, 'server:read', found).allow)
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
