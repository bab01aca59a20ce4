import type { Principal } from '../../access/principal.ts'
import { cancelRun as storeCancel } from '../../store/cancel-run.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView } from '../views.ts'
import { getRun } from './get-run.ts'

/** Asks for the end of a run that is worked on. Throws NOT_FOUND or WRONG_STATUS. */
export async function cancelRun(ports: ApiPorts, principal: Principal, runId: string): Promise<RunView> {
  authorise(principal, 'run:cancel')
  const run = await getRun(ports, principal, runId)
  return runView(await storeCancel(ports.store, { run, by: principal.id }))
}
