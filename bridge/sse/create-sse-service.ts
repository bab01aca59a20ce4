import { Agent } from 'node:http'
import type { UpstreamServer } from '../config.ts'
import { createLargePayloads } from '../large-payloads.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import { createRelayService } from '../relay/create-relay-service.ts'
import type { Service } from '../service.ts'
import { ownSessionsOnly, type SessionRouter } from '../session-router.ts'
import { createMcpEndpoints } from '../stdio/create-mcp-endpoints.ts'
import type { StartPeer } from '../stdio/peer.ts'
import { connectUpstream } from './connect-upstream.ts'

type Options = {
  server: UpstreamServer
  healthPath: string
  publicPath: string | undefined
  ownPath: (target: string) => string
  router: SessionRouter
  limits: Limits
  log: Log
}

// Below the 5 s after which most servers close an idle connection.
const idleSocketMs = 3000

/**
 * A server that speaks HTTP+SSE beside the bridge: one event stream of its own a session, served as Streamable HTTP and as plain SSE
 * with the bridge's own message endpoint, which belongs to the caller. Every other path is the server's.
 */
export function createSseService({ server, healthPath, publicPath, ownPath, router, limits, log }: Options): Service {
  const agent = new Agent({ keepAlive: true, timeout: idleSocketMs, noDelay: true })
  const relay = createRelayService({ server, healthPath, router: ownSessionsOnly, limits })
  const payloads = createLargePayloads(limits)
  const start: StartPeer = (listener, headers) =>
    connectUpstream({
      server,
      agent,
      headers,
      maxMessageBytes: limits.maxMessageBytes,
      payloads,
      endpointSeconds: limits.endpointSeconds,
      ownPath,
      ...listener,
    })
  // A session is no process here, only two connections.
  const ofConnections = { ...limits, maxSessions: limits.maxConnectedSessions }
  const { sessions, handle } = createMcpEndpoints({ start, payloads, publicPath, router, limits: ofConnections, log })
  return {
    handle: (call) => {
      const taken = handle(call)
      return taken === false ? relay.handle(call) : taken
    },
    unhealthy: relay.unhealthy,
    drain: () => {
      relay.drain()
      sessions.drain()
    },
    stop: async () => {
      await sessions.stop()
      await relay.stop()
      agent.destroy()
    },
    kill: () => {
      sessions.kill()
      relay.kill()
      agent.destroy()
    },
  }
}
