import type { Principal } from '../../access/principal.ts'
import { isTerminal } from '../../schema/run-status.ts'
import { createDeleteRun } from '../../store/create-delete-run.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView } from '../views.ts'
import { dropPlan } from './drop-plan.ts'
import { findServer } from './find-server.ts'
import { newRun } from './new-run.ts'
import { startRun } from './start-run.ts'

/**
 * Starts the run that removes a settled server. One that was never applied is gone at once: its waiting run is superseded
 * and the run answered has already succeeded. Throws NOT_FOUND or WRONG_STATUS.
 */
export async function deleteServer(ports: ApiPorts, principal: Principal, id: string): Promise<{ run: RunView; location: string }> {
  authorise(principal, 'server:delete')
  const server = await findServer(ports, id)
  const revision = server.appliedRevision ?? server.revision
  const run = newRun(ports, principal, { serverId: id, serverUid: server.uid, revision, type: 'delete' })
  const event = { writer: 'api', type: 'run.queued', message: `The deletion of server ${id} is queued.` } as const
  const deleting = await createDeleteRun(ports.store, { run, event })
  await dropPlan(ports, server.lastRunId)
  const { publicUrl, platform } = await ports.contract()
  if (isTerminal(deleting.run.status)) await ports.secrets.removeAll({ platform, serverId: id, uid: server.uid })
  else await startRun(ports, deleting.run, 'api')
  return { run: runView(deleting.run), location: `${publicUrl}/runs/${run.id}` }
}
