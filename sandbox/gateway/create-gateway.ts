import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createInFlight, type InFlight } from '../in-flight.ts'
import { type Authorization, authorize, type InvokeLambda } from './authorize.ts'
import { type Cache, createCache } from './cache.ts'
import type { Call, RawHeader } from './call.ts'
import { type GatewayResponseKind, gatewayResponse } from './gateway-response.ts'
import { integrate } from './integrate.ts'
import { createLoadBalancer, type IsHealthy } from './load-balance.ts'
import { MappingError } from './map-request.ts'
import { type MethodMatch, matchResource } from './match-resource.ts'
import type { Records, Snapshot } from './records.ts'
import { respond } from './respond.ts'

export interface GatewayOptions {
  readonly records: Records
  /** From the platform contract, once. */
  readonly api: { readonly id: string; readonly stage: string }
  readonly account: string
  readonly region: string
  readonly invokeLambda: InvokeLambda
  readonly isHealthy: IsHealthy
  /** Shared with the ECS agent, which drains by it. */
  readonly inFlight?: InFlight
  /** What would stand in API Gateway's execution log: why an answer was a 5xx. */
  readonly log?: (line: string) => void
}

function rawHeaders(request: IncomingMessage): RawHeader[] {
  const raw = request.rawHeaders
  return raw.flatMap((name, index): RawHeader[] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []))
}

/** API Gateway and application load balancers on this machine: every step of a call's way is read from the emulator's records. */
export function createGateway(options: GatewayOptions): RequestListener {
  const { records, inFlight = createInFlight() } = options
  const balance = createLoadBalancer(records, options.isHealthy)
  const authorizerCaches = new Map<number, Cache>()
  const cacheFor = (ttlSeconds: number): Cache => {
    const cache = authorizerCaches.get(ttlSeconds) ?? createCache(ttlSeconds * 1000)
    authorizerCaches.set(ttlSeconds, cache)
    return cache
  }

  const begin = async (request: IncomingMessage): Promise<{ call: Call; match: MethodMatch | undefined; snapshot: Snapshot }> => {
    const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s)
    const stage = await records.stage(options.api.id, options.api.stage)
    const snapshot = await records.snapshot(options.api.id, stage.deploymentId ?? '')
    const match = matchResource(snapshot.resources, request.method ?? 'GET', path)
    const call: Call = {
      requestId: randomUUID(),
      apiId: options.api.id,
      stage: options.api.stage,
      region: options.region,
      account: options.account,
      httpMethod: request.method ?? 'GET',
      path,
      query,
      resourcePath: match?.resource.path ?? '',
      headers: rawHeaders(request),
      pathParameters: match?.pathParameters ?? {},
      stageVariables: stage.variables ?? {},
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    }
    return { call, match, snapshot }
  }

  const authorizeCall = async (call: Call, match: MethodMatch, snapshot: Snapshot): Promise<Authorization> => {
    const type = match.method.authorizationType ?? 'NONE'
    if (type === 'NONE') return { allowed: true, context: {} }
    if (type !== 'CUSTOM' || !match.method.authorizerId) return { allowed: false, kind: 'MISSING_AUTHENTICATION_TOKEN' }
    const authorizer = snapshot.authorizers.find(({ id }) => id === match.method.authorizerId)
    if (!authorizer) return { allowed: false, kind: 'AUTHORIZER_CONFIGURATION_ERROR', cause: `no authorizer ${match.method.authorizerId}` }
    return authorize(authorizer, call, options.invokeLambda, cacheFor)
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { call, match, snapshot } = await begin(request)
    const refuse = async (kind: GatewayResponseKind, refused: Call, message?: string, cause?: unknown): Promise<void> => {
      if (cause !== undefined)
        options.log?.(`${call.httpMethod} ${call.path}: ${kind}: ${cause instanceof Error ? cause.message : String(cause)}`)
      request.resume()
      respond(response, gatewayResponse(snapshot.gatewayResponses, kind, refused, message))
    }
    if (!match) return refuse('MISSING_AUTHENTICATION_TOKEN', call)
    const authorization = await authorizeCall(call, match, snapshot)
    const authorized = { ...call, authorizer: authorization.context ?? {} }
    if (!authorization.allowed) return refuse(authorization.kind, authorized, authorization.message, authorization.cause)
    try {
      const fault = await integrate({ records, balance, inFlight }, authorized, match.method, request, response)
      if (fault) await refuse(fault.kind, authorized, undefined, fault.cause)
    } catch (error) {
      if (!(error instanceof MappingError)) throw error
      await refuse('API_CONFIGURATION_ERROR', authorized, undefined, error)
    }
  }

  return (request, response) => {
    serve(request, response).catch((error: unknown) => {
      options.log?.(`${request.method} ${request.url}: ${error instanceof Error ? error.message : String(error)}`)
      respond(response, { status: 500, headers: [['Content-Type', 'application/json']], body: '{"message":"Internal server error"}' })
    })
  }
}
