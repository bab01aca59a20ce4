import type { Call, RawHeader } from './call.ts'
import type { MappedRequest } from './map-request.ts'

/** What the backend receives: the mapped headers, and what API Gateway and the load balancer say of the caller. */
export function backendHeaders(call: Call, mapped: MappedRequest, framing: { contentLength?: string; chunked: boolean }): RawHeader[] {
  const given = (name: string): string | undefined => mapped.headers.findLast(([header]) => header.toLowerCase() === name)?.[1]
  const forwarded = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-port', 'x-amzn-trace-id', 'host'])
  const headers = mapped.headers.filter(([name]) => !forwarded.has(name.toLowerCase()))
  const earlier = given('x-forwarded-for')
  const authority = mapped.port === 80 ? mapped.host : `${mapped.host}:${mapped.port}`
  headers.push(
    ['Host', given('host') ?? authority],
    ['X-Forwarded-For', earlier === undefined ? call.sourceIp : `${earlier}, ${call.sourceIp}`],
    ['X-Forwarded-Proto', mapped.protocol],
    ['X-Forwarded-Port', String(mapped.port)],
    ['X-Amzn-Trace-Id', `Root=${call.requestId}`],
    ['x-amzn-apigateway-api-id', call.apiId],
  )
  if (framing.chunked) headers.push(['Transfer-Encoding', 'chunked'])
  else if (framing.contentLength !== undefined) headers.push(['Content-Length', framing.contentLength])
  else if (!['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(call.httpMethod)) headers.push(['Content-Length', '0'])
  return headers
}
