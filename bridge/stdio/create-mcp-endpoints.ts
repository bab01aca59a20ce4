import type { LargePayloads } from '../large-payloads.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { Call } from '../service.ts'
import type { SessionRouter } from '../session-router.ts'
import { createStatelessHttp } from '../stateless/create-stateless-http.ts'
import { createLegacySse } from './legacy-sse.ts'
import type { StartPeer } from './peer.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createStreamableHttp } from './streamable-http.ts'

type Options = {
  start: StartPeer
  payloads: LargePayloads
  publicPath: string | undefined
  router: SessionRouter
  limits: Limits
  log: Log
}

export type McpEndpoints = {
  readonly sessions: Sessions
  /** Takes a call on one of its paths; false where it is none. */
  handle(call: Call): false | Promise<void> | void
}

/** `/mcp` for today's clients, `/sse` and `/messages` for those of 2024-11-05, in front of one peer a session. */
export function createMcpEndpoints({ start, payloads, publicPath, router, limits, log }: Options): McpEndpoints {
  const sessions = createSessions({ start, newId: router.newId, payloads, limits, log })
  const stateless = createStatelessHttp({ sessions, router, limits })
  const streamable = createStreamableHttp({ sessions, router, payloads, limits, stateless })
  const legacy = createLegacySse({ sessions, router, payloads, limits, publicPath })
  return {
    sessions,
    handle: (call) => {
      const { path } = call.target
      if (path === '/mcp') return streamable(call)
      if (path === '/sse' && call.req.method === 'GET') return legacy.stream(call)
      if (path === '/messages' && call.req.method === 'POST') return legacy.message(call)
      return false
    },
  }
}
