import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Integration, Method } from '@aws-sdk/client-api-gateway'
import type { InFlight } from '../in-flight.ts'
import { backendHeaders } from './backend-headers.ts'
import { type Call, headerValue } from './call.ts'
import { findListener } from './find-load-balancer.ts'
import type { GatewayResponseKind } from './gateway-response.ts'
import { type BalancerResponse, badGateway, type createLoadBalancer, gatewayTimeout } from './load-balance.ts'
import { type MappedRequest, MappingError, mapRequest } from './map-request.ts'
import { mockIntegration } from './mock-integration.ts'
import { limits, type ProxyOutcome, proxyHttp } from './proxy-http.ts'
import type { Records } from './records.ts'
import { respond } from './respond.ts'

interface Ways {
  readonly records: Records
  readonly balance: ReturnType<typeof createLoadBalancer>
  readonly inFlight: InFlight
}

/** Why API Gateway must answer by itself. */
interface Fault {
  readonly kind: GatewayResponseKind
  readonly cause?: unknown
}

const faults: Partial<Record<ProxyOutcome, Fault>> = {
  'too-large': { kind: 'REQUEST_TOO_LARGE' },
  timeout: { kind: 'INTEGRATION_TIMEOUT', cause: 'no answer in time' },
  failed: { kind: 'INTEGRATION_FAILURE', cause: 'the answer broke off, or was larger than a buffered integration allows' },
}

function connectionId(integration: Integration, call: Call): string {
  if (integration.connectionType !== 'VPC_LINK')
    throw new MappingError(`integrations without a VPC link have no backend here (${integration.uri})`)
  return (integration.connectionId ?? '').replace(
    /\$\{stageVariables\.([A-Za-z0-9_]+)\}/g,
    (_, name: string) => call.stageVariables[name] ?? '',
  )
}

function balancerResponse(decision: BalancerResponse, call: Call, response: ServerResponse): void {
  const headers = [['x-amzn-RequestId', call.requestId] as const, ['Content-Type', decision.contentType] as const]
  respond(response, { status: decision.status, headers, body: decision.body })
}

async function forward(
  target: { host: string; port: number; idleMs: number },
  call: Call,
  integration: Integration,
  mapped: MappedRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Fault | undefined> {
  const stream = integration.responseTransferMode === 'STREAM'
  const contentLength = request.headers['content-length']
  const chunked = request.headers['transfer-encoding'] !== undefined
  const outcome = await proxyHttp(request, response, {
    ...target,
    httpMethod: integration.httpMethod === 'ANY' ? call.httpMethod : (integration.httpMethod ?? call.httpMethod),
    path: mapped.path,
    headers: backendHeaders(call, mapped, { chunked, ...(contentLength !== undefined && { contentLength }) }),
    stream,
    timeoutMs: Number(integration.timeoutInMillis) || limits.bufferedMs,
    requestId: call.requestId,
  })
  if (outcome === 'unreachable') balancerResponse(badGateway, call, response)
  if (outcome === 'idle') balancerResponse(gatewayTimeout, call, response)
  return faults[outcome]
}

/** Carries a call to its integration and answers it; what API Gateway must say by itself comes back as a fault. */
export async function integrate(
  ways: Ways,
  call: Call,
  method: Method,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Fault | undefined> {
  const integration = method.methodIntegration
  if (integration === undefined) throw new MappingError('No integration defined for method')
  if (integration.type === 'MOCK') {
    request.resume()
    respond(response, mockIntegration(integration, call))
    return undefined
  }
  if (integration.type !== 'HTTP_PROXY') throw new MappingError(`integrations of type ${integration.type} have no backend here`)
  const mapped = mapRequest(method, integration, call)
  const listener = await findListener(ways.records, integration, connectionId(integration, call), mapped.port)
  if (listener === undefined) return { kind: 'INTEGRATION_FAILURE', cause: `nothing listens on port ${mapped.port} of the load balancer` }
  const path = mapped.path.split('?')[0] ?? '/'
  const header = (name: string): string | undefined => headerValue({ headers: mapped.headers }, name)
  const idleMs = await ways.records.idleTimeoutMs(listener.LoadBalancerArn ?? '')
  const decision = await ways.balance(listener, { httpMethod: call.httpMethod, host: mapped.host, path, header })
  if (decision.kind === 'forward') {
    const backend = `${decision.host}:${decision.port}`
    // At once: a target that nobody has chosen yet may be drained and ended.
    ways.inFlight.begin(backend)
    return forward({ ...decision, idleMs }, call, integration, mapped, request, response).finally(() => ways.inFlight.end(backend))
  }
  request.resume()
  balancerResponse(decision, call, response)
  return undefined
}
