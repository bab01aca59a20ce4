import type { Principal } from '../../access/principal.ts'
import { coverCredentials } from '../../schema/credential-shapes.ts'
import { authorise } from '../authorise.ts'
import { openCursor, sealCursor } from '../cursor.ts'
import type { ApiPorts } from '../ports.ts'
import type { LogLine } from '../stack-facts.ts'
import { findServer } from './find-server.ts'

/** What a server's containers wrote: the newest lines, or those since `after`. Credentials of a known shape are covered. */
export async function readLogs(
  ports: ApiPorts,
  principal: Principal,
  id: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ lines: LogLine[]; after: string }> {
  authorise(principal, 'server:logs')
  const server = await findServer(ports, id)
  const list = `logs/${server.id}`
  const found = await ports.stack.logs(server.id, { after: openCursor(list, after, 'after'), limit })
  const lines = found.lines.map((line) => ({ ...line, message: coverCredentials(line.message) }))
  return { lines, after: sealCursor(list, found.after) }
}
