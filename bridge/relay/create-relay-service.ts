import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { UpstreamServer } from '../config.ts'
import type { Limits } from '../limits.ts'
import { errorCode, refuse } from '../refuse.ts'
import type { Call, Service } from '../service.ts'
import type { SessionRouter } from '../session-router.ts'
import { createHealthQuestion } from './ask-health.ts'
import { createKeepAlive } from './keep-alive.ts'
import { endToEndHeaders, upstreamHeaders } from './relay-headers.ts'
import { openSession, type SessionIds } from './session-ids.ts'

// Below the 5 s after which most servers close an idle connection, so that a call never meets one that is closing.
const idleSocketMs = 3000

type Options = { server: UpstreamServer; healthPath: string; router: SessionRouter; limits: Limits }

/** Passes each call on to the server that listens beside, and never holds a byte longer than the slower side needs. */
export function createRelayService({ server, healthPath, router, limits }: Options): Service {
  const agent = new Agent({ keepAlive: true, timeout: idleSocketMs, noDelay: true })
  const listening = new Set<ServerResponse>()
  const askHealth = createHealthQuestion({ port: server.port, path: healthPath, cacheSeconds: limits.healthCacheSeconds })
  let draining = false
  return {
    handle: (call) => {
      const { req, res } = call
      const ids = openSession(call, router)
      if (!ids) return
      if (draining) return refuseDraining(call)
      const upstream = relay(call, ids, server, agent)
      upstream.on('response', (response) => {
        if (!isEventStream(response)) return
        if (isPlain(response)) {
          const alive = createKeepAlive(res, limits.keepAliveSeconds * 1000)
          response.on('data', alive.passed).once('end', alive.stop)
        }
        if (req.method !== 'GET') return
        listening.add(res)
        res.once('close', () => listening.delete(res))
      })
    },
    unhealthy: askHealth,
    drain: () => {
      draining = true
      for (const res of listening) res.destroy()
    },
    stop: () => {
      agent.destroy()
      return Promise.resolve()
    },
    kill: () => agent.destroy(),
  }
}

function relay({ req, res, target }: Call, ids: SessionIds, server: UpstreamServer, agent: Agent) {
  const path = (target.path === '/mcp' ? server.mcpPath : target.path) + target.search
  const headers = ids.toServer(upstreamHeaders(req.rawHeaders, server.port))
  const upstream = request({ host: '127.0.0.1', port: server.port, method: req.method, path, headers, agent })
  let answer: IncomingMessage | undefined
  upstream.on('response', (response) => {
    answer = response
    res.writeHead(response.statusCode ?? 502, response.statusMessage, ids.toClient(endToEndHeaders(response.rawHeaders)))
    res.flushHeaders()
    response.on('error', () => res.destroy())
    response.pipe(res)
  })
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    // A server may answer before it has read everything; its answer still counts.
    if (answer?.complete) return
    if (res.headersSent) res.destroy()
    else refuseUnreached(res, error)
  })
  res.once('close', () => {
    if (!res.writableFinished) upstream.destroy()
  })
  return req.pipe(upstream)
}

/** A session goes with its task: its client begins anew, and meets another one. */
function refuseDraining({ req, res }: Call) {
  if (req.headers['mcp-session-id'] !== undefined) refuse(res, 404, errorCode.sessionNotFound, 'Session not found')
  else refuse(res, 503, errorCode.refused, 'The server is shutting down.', { headers: { 'retry-after': '5' } })
}

function refuseUnreached(res: ServerResponse, error: NodeJS.ErrnoException) {
  if (error.code === 'ECONNREFUSED') {
    refuse(res, 503, errorCode.internal, 'The server does not listen yet.', { headers: { 'retry-after': '2' } })
  } else refuse(res, 502, errorCode.internal, `The server closed the connection without an answer (${error.code ?? error.message}).`)
}

function isEventStream(response: IncomingMessage): boolean {
  return response.headers['content-type']?.startsWith('text/event-stream') ?? false
}

/** Whether something can be put between its bytes. */
function isPlain({ headers }: IncomingMessage): boolean {
  return headers['content-encoding'] === undefined && headers['content-length'] === undefined
}
