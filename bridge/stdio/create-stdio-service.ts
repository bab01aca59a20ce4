import type { StdioServer } from '../config.ts'
import { createLargePayloads } from '../large-payloads.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import { errorCode, refuse } from '../refuse.ts'
import type { Service } from '../service.ts'
import type { SessionRouter } from '../session-router.ts'
import { createMcpEndpoints } from './create-mcp-endpoints.ts'
import type { StartPeer } from './peer.ts'
import { startChild } from './start-child.ts'

type Options = { server: StdioServer; publicPath: string | undefined; router: SessionRouter; limits: Limits; log: Log }

/** A server that speaks on its standard streams: one child a session. */
export function createStdioService({ server, publicPath, router, limits, log }: Options): Service {
  const payloads = createLargePayloads(limits)
  const start: StartPeer = (listener) =>
    startChild({ server, maxLineBytes: limits.maxMessageBytes, graceSeconds: limits.graceSeconds, payloads, ...listener })
  const { sessions, handle } = createMcpEndpoints({ start, payloads, publicPath, router, limits, log })
  return {
    handle: (call) => {
      const taken = handle(call)
      if (taken === false) refuse(call.res, 404, errorCode.refused, 'Nothing here: this server answers on /mcp.')
      else return taken
    },
    unhealthy: sessions.unhealthy,
    drain: sessions.drain,
    stop: sessions.stop,
    kill: sessions.kill,
  }
}
