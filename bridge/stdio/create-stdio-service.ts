import type { StdioServer } from '../config.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import { errorCode, refuse } from '../refuse.ts'
import type { Service } from '../service.ts'
import { createLegacySse } from './legacy-sse.ts'
import { createSessions } from './sessions.ts'
import { createStreamableHttp } from './streamable-http.ts'

type Options = { server: StdioServer; publicUrl: URL | undefined; limits: Limits; log: Log }

/** `/mcp` for today's clients, `/sse` and `/messages` for those of 2024-11-05. */
export function createStdioService({ server, publicUrl, limits, log }: Options): Service {
  const sessions = createSessions({ server, limits, log })
  const streamable = createStreamableHttp({ sessions, limits })
  const legacy = createLegacySse({ sessions, maxMessageBytes: limits.maxMessageBytes, publicUrl })
  return {
    handle: (call) => {
      const { path } = call.target
      if (path === '/mcp') return streamable(call)
      if (path === '/sse' && call.req.method === 'GET') return legacy.stream(call)
      if (path === '/messages' && call.req.method === 'POST') return legacy.message(call)
      refuse(call.res, 404, errorCode.refused, 'Nothing here: this server answers on /mcp.')
    },
    unhealthy: sessions.unhealthy,
    drain: sessions.drain,
    stop: sessions.stop,
    kill: sessions.kill,
  }
}
