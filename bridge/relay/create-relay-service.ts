import type { ServerResponse } from 'node:http'
import type { UpstreamServer } from '../config.ts'
import type { Limits } from '../limits.ts'
import { errorCode, refuse } from '../refuse.ts'
import type { Call, Service } from '../service.ts'
import type { SessionRouter } from '../session-router.ts'
import { createHealthQuestion } from './ask-health.ts'
import { createConnections } from './connections.ts'
import { keepAlive } from './keep-alive.ts'
import { valuesOf } from './parse-fields.ts'
import { relayCall } from './relay-call.ts'
import { upstreamHeaders } from './relay-headers.ts'
import { requestHead } from './send-request.ts'
import { openSession } from './session-ids.ts'

type Options = { server: UpstreamServer; healthPath: string; router: SessionRouter; limits: Limits }

/** Passes each call on to the server that listens beside, and never holds a byte longer than the slower side needs. */
export function createRelayService({ server, healthPath, router, limits }: Options): Service {
  const { port } = server
  const address = { host: '127.0.0.1', port }
  const connections = createConnections()
  const listening = new Set<ServerResponse>()
  const askHealth = createHealthQuestion({ port, path: healthPath, cacheSeconds: limits.healthCacheSeconds })
  let draining = false
  return {
    handle: (call) => {
      const { req, res, target } = call
      const ids = openSession(call, router)
      if (!ids) return
      if (draining) return refuseDraining(call)
      const { method = 'GET', rawHeaders } = req
      const path = (target.path === '/mcp' ? server.mcpPath : target.path) + target.search
      relayCall({
        req,
        res,
        head: requestHead(method, path, ids.toServer(upstreamHeaders(rawHeaders, port))),
        connection: connections.take(address),
        toClient: ids.toClient,
        onHead: ({ fields }) => {
          if (!isEventStream(fields)) return undefined
          if (method === 'GET') {
            listening.add(res)
            res.once('close', () => listening.delete(res))
          }
          return keepAlive(fields, res, limits.keepAliveSeconds * 1000)
        },
        onUnreached: (error) => refuseUnreached(res, error),
      })
    },
    unhealthy: askHealth,
    drain: () => {
      draining = true
      for (const res of listening) res.destroy()
    },
    stop: () => {
      connections.destroy()
      return Promise.resolve()
    },
    kill: connections.destroy,
  }
}

/** A session goes with its task: its client begins anew, and meets another one. */
function refuseDraining({ req, res }: Call) {
  if (req.headers['mcp-session-id'] !== undefined) refuse(res, 404, errorCode.sessionNotFound, 'Session not found')
  else refuse(res, 503, errorCode.refused, 'The server is shutting down.', { headers: { 'retry-after': '5' } })
}

function refuseUnreached(res: ServerResponse, error: NodeJS.ErrnoException) {
  if (error.code === 'ECONNREFUSED') {
    refuse(res, 503, errorCode.internal, 'The server does not listen yet.', { headers: { 'retry-after': '2' } })
  } else refuse(res, 502, errorCode.internal, `The server gave no answer that can be passed on: ${error.message}`)
}

function isEventStream(fields: readonly string[]): boolean {
  return valuesOf(fields, 'content-type')[0]?.startsWith('text/event-stream') ?? false
}
