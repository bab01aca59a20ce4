import { decide } from '../../access/decide.ts'
import type { Principal } from '../../access/principal.ts'
import type { Server } from '../../schema/server.ts'
import { readRevision } from '../../store/revisions.ts'
import { readRun } from '../../store/runs.ts'
import { edgeFacts } from '../edge-facts.ts'
import type { ApiPorts } from '../ports.ts'
import type { StackFacts } from '../stack-facts.ts'
import { runView, type ServerDetail, serverView } from '../views.ts'
import { findServer } from './find-server.ts'

/** One server with its last run and what AWS says of its tasks; what a caller may not see does not exist. */
export async function getServer(ports: ApiPorts, principal: Principal, id: string): Promise<ServerDetail> {
  const server = await findServer(ports, id, (found) => decide(principal, 'server:read', found).allow)
  const [run, revision, { edge }, contractSha256, stack] = await Promise.all([
    readRun(ports.store, server.lastRunId),
    readRevision(ports.store, server.id, server.uid, server.revision),
    ports.contract(),
    ports.contractSha256(),
    server.generation > 0 ? factsOf(ports, server) : undefined,
  ])
  return {
    ...serverView(server),
    edge: edgeFacts[edge],
    platformOutdated: server.appliedContractSha256 !== undefined && server.appliedContractSha256 !== contractSha256,
    enabled: revision?.enabled ?? true,
    ...(run && { lastRun: runView(run) }),
    ...(stack && { stack }),
    ...(server.drift && principal.admin && { drift: { ...server.drift, reconcile: reconcileOf(server) } }),
    ...(revision && principal.admin && { definition: revision.definition }),
  }
}

const reconcileOf = ({ id }: Server) => ({ method: 'POST', path: `/servers/${id}/runs`, body: { type: 'apply' } }) as const

/** What Gantry itself knows is shown also while AWS does not answer. */
async function factsOf(ports: ApiPorts, { id }: Server): Promise<StackFacts> {
  try {
    return await ports.stack.facts(id)
  } catch (error) {
    ports.log({ event: 'stack.unavailable', serverId: id, error })
    return { targets: [], unavailable: error instanceof Error ? error.name : 'Error' }
  }
}
