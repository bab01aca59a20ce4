import type { Principal } from '../../access/principal.ts'
import { listRuns as listStored } from '../../store/runs.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView } from '../views.ts'
import { listVisible } from './list-visible.ts'

/** Runs, newest first; of one server where `serverId` is given. */
export async function listRuns(
  ports: ApiPorts,
  principal: Principal,
  options: { serverId?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: RunView[]; cursor?: string }> {
  authorise(principal, 'run:read')
  const of = options.serverId === undefined ? {} : { serverId: options.serverId }
  const page = await listVisible(`runs/${options.serverId ?? ''}`, options, (position) => listStored(ports.store, { ...of, ...position }))
  return { ...page, items: page.items.map(runView) }
}
