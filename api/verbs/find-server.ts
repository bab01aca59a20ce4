import { GantryError } from '../../schema/error-code.ts'
import { serverId } from '../../schema/names.ts'
import type { Server } from '../../schema/server.ts'
import { readServer } from '../../store/servers.ts'
import type { ApiPorts } from '../ports.ts'

const maxIdLength = 40

/** The server of a canonical id that passes `visible`; any other does not exist for the caller. Throws NOT_FOUND. */
export async function findServer(ports: ApiPorts, id: string, visible: (server: Server) => boolean = () => true): Promise<Server> {
  const server = id.length <= maxIdLength && id === serverId(id) && id ? await readServer(ports.store, id) : undefined
  if (server && visible(server)) return server
  throw new GantryError('NOT_FOUND', `There is no server ${JSON.stringify(id.slice(0, 100))}.`)
}
