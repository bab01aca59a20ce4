import { decide } from '../../access/decide.ts'
import type { Principal } from '../../access/principal.ts'
import { listServers as listStored } from '../../store/servers.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type ServerView, serverView } from '../views.ts'
import { listVisible } from './list-visible.ts'

/** The servers a caller may see, by id. */
export async function listServers(
  ports: ApiPorts,
  principal: Principal,
  options: { cursor?: string | undefined; limit: number },
): Promise<{ items: ServerView[]; cursor?: string }> {
  authorise(principal, 'server:list')
  const sees = (server: ServerView) => decide(principal, 'server:read', server).allow
  const page = await listVisible('servers', options, (position) => listStored(ports.store, position), sees)
  return { ...page, items: page.items.map(serverView) }
}
