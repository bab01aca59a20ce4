import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createBrokenAnswer } from './answer-broken.ts'
import type { Config } from './config.ts'
import { createIdentityCheck } from './identity.ts'
import { defaultLimits, type Limits } from './limits.ts'
import type { Log } from './log.ts'
import { errorCode, refuse } from './refuse.ts'
import { createRelayService } from './relay/create-relay-service.ts'
import { resolvePath, type Target } from './resolve-path.ts'
import type { Service } from './service.ts'
import { createSessionRouter, ownSessionsOnly, type SessionRouter } from './session-router.ts'
import { createSseService } from './sse/create-sse-service.ts'
import { createStdioService } from './stdio/create-stdio-service.ts'

export type Bridge = {
  listen(): Promise<AddressInfo>
  /** Accepts no more, waits for calls in flight, ends every child. */
  drain(): Promise<void>
  /** Kills every child at once. */
  kill(): void
}

const healthPaths = ['/health', '/healthz', '/status']

// Longer than the 900 s that the load balancer keeps a connection idle: whoever closes first must not be the bridge.
const keepAliveTimeout = 910_000

/** Puts the bridge together; nothing listens before `listen`. */
export function createBridge(config: Config, log: Log, limits: Limits = defaultLimits()): Bridge {
  const { publicUrl, sealing } = config
  let { port } = config
  const router = sealing ? createSessionRouter({ sealing, port: () => port, log }) : ownSessionsOnly
  const service = createService(config, router, log, limits)
  const checkIdentity = createIdentityCheck(config)
  const inFlight = new Set<ServerResponse>()
  let draining = false

  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const target = resolvePath(req.url ?? '', config)
    if (!target) return refuse(res, 400, errorCode.refused, 'The request target must be a path.')
    if (asksHealth(req, target)) return answerHealth(req, res, draining ? 'The server is shutting down.' : await service.unhealthy())
    const identity = checkIdentity(header(req, 'x-gantry-identity'), Date.now() / 1000)
    if (!identity.allow) return refuse(res, identity.status, errorCode.refused, identity.reason)
    const { origin } = req.headers
    if (origin !== undefined && origin !== publicUrl?.origin) return refuse(res, 403, errorCode.refused, 'Origin is not allowed.')
    await service.handle({ req, res, sub: identity.sub, target })
  }

  const asksHealth = (req: IncomingMessage, { prefix, path }: Target) => {
    if (prefix !== '' || (req.method !== 'GET' && req.method !== 'HEAD')) return false
    return healthPaths.includes(path) || (path === config.healthPath && header(req, 'x-gantry-identity') === undefined)
  }

  const timeouts = {
    keepAliveTimeout,
    headersTimeout: limits.headersSeconds * 1000,
    requestTimeout: limits.requestSeconds * 1000,
    connectionsCheckingInterval: limits.headersSeconds * 500,
  }
  const begin = (req: IncomingMessage, res: ServerResponse) => {
    inFlight.add(res)
    if (draining) res.shouldKeepAlive = false
    res.once('close', () => inFlight.delete(res))
    handle(req, res).catch((error: unknown) => {
      log('error', 'a request failed', { reason: error instanceof Error ? error.message : String(error) })
      if (res.headersSent) res.destroy()
      else refuse(res, 500, errorCode.internal, 'The bridge failed on this request.')
    })
  }

  const server = createServer({ ...timeouts, noDelay: true }, (req, res) => {
    // Behind another answer on its connection: one that is made now would be held in memory, and hold its server.
    if (res.socket) begin(req, res)
    else res.once('socket', () => begin(req, res))
  })

  const isAnswering = (socket: Socket) => [...inFlight].some((res) => res.socket === socket)
  const answerBroken = createBrokenAnswer(isAnswering)
  server.on('clientError', (error, socket) => answerBroken(error, socket as Socket))

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(config.port, config.host, () => {
          server.off('error', reject)
          server.on('error', (error) => log('error', 'the listener failed', { reason: error.message }))
          const address = server.address() as AddressInfo
          port = address.port
          resolve(address)
        })
      }),
    drain: async () => {
      draining = true
      for (const res of inFlight) if (!res.headersSent) res.shouldKeepAlive = false
      router.drain()
      service.drain()
      // A call in flight may wait for its client's answer, which comes on a connection of its own.
      await settled(inFlight, limits.drainSeconds)
      server.close()
      await service.stop()
      server.closeAllConnections()
    },
    kill: service.kill,
  }
}

function createService(config: Config, router: SessionRouter, log: Log, limits: Limits): Service {
  const { server, publicUrl } = config
  const publicPath = publicUrl && `${publicUrl.pathname.replace(/\/$/, '')}/mcp/${config.serverId}`
  if (server.type === 'stdio') return createStdioService({ server, publicPath, router, limits, log })
  const healthPath = config.healthPath ?? server.mcpPath
  if (server.type === 'http') return createRelayService({ server, healthPath, router, limits })
  const ownPath = (target: string) => {
    const { path, search } = resolvePath(target, config) ?? { path: target, search: '' }
    return path + search
  }
  return createSseService({ server, healthPath, publicPath, ownPath, router, limits, log })
}

function answerHealth(req: IncomingMessage, res: ServerResponse, reason: string | undefined): void {
  const body = JSON.stringify(reason === undefined ? { status: 'healthy' } : { status: 'unhealthy', reason })
  res.writeHead(reason === undefined ? 200 : 503, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  res.end(req.method === 'HEAD' ? undefined : body)
}

function settled(inFlight: ReadonlySet<ServerResponse>, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000)
    const check = () => {
      const [res] = inFlight
      if (res) return res.once('close', () => setImmediate(check))
      clearTimeout(timer)
      resolve()
    }
    check()
  })
}

function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}
