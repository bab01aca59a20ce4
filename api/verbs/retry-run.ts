import type { Principal } from '../../access/principal.ts'
import { createApplyRun } from '../../store/create-apply-run.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView } from '../views.ts'
import { findServer } from './find-server.ts'
import { newRun } from './new-run.ts'
import { startRun } from './start-run.ts'

/** Applies a settled server's newest revision once more. Throws NOT_FOUND, WRONG_STATUS or CONFLICT. */
export async function retryRun(ports: ApiPorts, principal: Principal, id: string): Promise<{ run: RunView; location: string }> {
  authorise(principal, 'run:create')
  const server = await findServer(ports, id)
  const run = newRun(ports, principal, { serverId: id, serverUid: server.uid, revision: server.revision, type: 'apply' })
  const event = { writer: 'api', type: 'run.queued', message: `Revision ${server.revision} of server ${id} is queued once more.` } as const
  const stored = await createApplyRun(ports.store, { run, event })
  await startRun(ports, stored.run, 'api')
  const { publicUrl } = await ports.contract()
  return { run: runView(stored.run), location: `${publicUrl}/runs/${run.id}` }
}
