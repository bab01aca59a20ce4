import { errorCode, refuse } from '../refuse.ts'
import type { Call } from '../service.ts'
import type { SessionRouter } from '../session-router.ts'

/** The server's own session ids on their way through the bridge, in flat lists of headers. */
export type SessionIds = { toServer(headers: string[]): string[]; toClient(headers: string[]): string[] }

const header = 'mcp-session-id'

/** For one call; undefined where it was refused, or passed on to the task that holds its session. */
export function openSession(call: Call, router: SessionRouter): SessionIds | undefined {
  const { req, res, sub } = call
  const id = req.headers[header]?.toString()
  const own = id === undefined ? undefined : router.ownId(id, sub)
  if (id !== undefined && own === undefined) {
    if (!router.passOn(call, id)) refuse(res, 404, errorCode.sessionNotFound, 'Session not found')
    return undefined
  }
  return {
    toServer: (headers) => (own === undefined ? headers : replaced(headers, () => own)),
    // Many servers repeat the id in each answer: the client keeps the one it has.
    toClient: (headers) => replaced(headers, (value) => (id !== undefined && value === own ? id : router.newId(sub, value))),
  }
}

function replaced(headers: string[], change: (value: string) => string): string[] {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() === header) headers[at + 1] = change(headers[at + 1] ?? '')
  }
  return headers
}
