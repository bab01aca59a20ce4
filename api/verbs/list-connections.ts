import { decide } from '../../access/decide.ts'
import type { Principal } from '../../access/principal.ts'
import { listServers } from '../../store/servers.ts'
import { authorise } from '../authorise.ts'
import { connectionSnippets } from '../connection-snippets.ts'
import type { ApiPorts } from '../ports.ts'
import type { ConnectionView } from '../views.ts'
import { listVisible } from './list-visible.ts'

const placeholder = '{GANTRY_BEARER_TOKEN}'

/**
 * How to reach each server that the caller may call, from the servers as they are. `token` is the caller's own; without it
 * a placeholder stands there. Servers that no run has proven yet have no URL and are left out.
 */
export async function listConnections(
  ports: ApiPorts,
  principal: Principal,
  { token = placeholder, ...options }: { token?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: ConnectionView[]; cursor?: string }> {
  authorise(principal, 'server:list')
  const page = await listVisible(
    'connections',
    options,
    (position) => listServers(ports.store, position),
    (server) => server.endpoint !== undefined && server.status !== 'DELETING' && decide(principal, 'server:call', server).allow,
  )
  const authorization = `Bearer ${token}`
  const items = page.items.flatMap(({ id, name, status, endpoint: url }): ConnectionView[] =>
    url === undefined
      ? []
      : [
          {
            serverId: id,
            name,
            status,
            transport: 'streamable-http',
            url,
            headers: { Authorization: authorization },
            snippets: connectionSnippets({ id, url, authorization }),
          },
        ],
  )
  return { ...page, items }
}
