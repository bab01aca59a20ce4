import type { Principal } from '../../access/principal.ts'
import { createPlanRun } from '../../store/create-plan-run.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView } from '../views.ts'
import { findServer } from './find-server.ts'
import { newRun } from './new-run.ts'
import { startRun } from './start-run.ts'

/** Plans a server's newest revision without applying it. Throws NOT_FOUND or WRONG_STATUS. */
export async function planServer(ports: ApiPorts, principal: Principal, id: string): Promise<{ run: RunView; location: string }> {
  authorise(principal, 'run:create')
  const { uid, revision } = await findServer(ports, id)
  const run = newRun(ports, principal, { serverId: id, serverUid: uid, revision, type: 'plan' })
  const event = { writer: 'api', type: 'run.queued', message: `A plan of revision ${revision} of server ${id} is queued.` } as const
  const stored = await createPlanRun(ports.store, { run, event })
  await startRun(ports, stored, 'api')
  const { publicUrl } = await ports.contract()
  return { run: runView(stored), location: `${publicUrl}/runs/${run.id}` }
}
