import type { Integration, Method } from '@aws-sdk/client-api-gateway'
import { type Call, type RawHeader, sameHeader } from './call.ts'
import { resolveExpression } from './resolve-expression.ts'

/** The request that an HTTP_PROXY integration sends. */
export interface MappedRequest {
  readonly protocol: string
  readonly host: string
  readonly port: number
  /** Path and query, as they go on the wire. */
  readonly path: string
  readonly headers: readonly RawHeader[]
}

/** A mapping that API Gateway could not carry out: its answer is a 500, and the reason stands in its execution log. */
export class MappingError extends Error {}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'max-forwards',
  'content-length',
  'host',
  'via',
])

const encodePath = (text: string): string => text.split('/').map(encodeURIComponent).join('/')

function substitute(uri: string, paths: Map<string, string>, call: Call): string {
  const withVariables = uri.replace(/\$\{stageVariables\.([A-Za-z0-9_]+)\}/g, (whole, name: string) => call.stageVariables[name] ?? whole)
  return withVariables.replace(/\{([^{}]+?)\+?\}/g, (whole, name: string) => {
    const value = paths.get(name)
    if (value === undefined) throw new MappingError(`the integration's URI names ${whole}, which no integration.request.path mapping fills`)
    return encodePath(value)
  })
}

/** Applies the integration's request parameter mappings; a parameter must be declared by the method, as PutIntegration demands in AWS. */
export function mapRequest(method: Method, integration: Integration, call: Call): MappedRequest {
  const paths = new Map<string, string>()
  const headers = call.headers.filter(([name]) => !hopByHop.has(name.toLowerCase()))
  const query = new URLSearchParams(call.query)
  let rewritten = false
  for (const [target, expression] of Object.entries(integration.requestParameters ?? {})) {
    if (expression.startsWith('method.request.') && !(expression in (method.requestParameters ?? {})))
      throw new MappingError(`Invalid mapping expression parameter specified: ${expression} (the method does not declare it)`)
    const value = resolveExpression(expression, call)
    const [, kind, name] = /^integration\.request\.(path|header|querystring)\.(.+)$/s.exec(target) ?? []
    if (kind === undefined || name === undefined) throw new MappingError(`Invalid mapping expression specified: ${target}`)
    if (value === undefined) continue
    if (kind === 'path') paths.set(name, value)
    if (kind === 'querystring') {
      query.set(name, value)
      rewritten = true
    }
    if (kind === 'header') headers.splice(0, headers.length, ...headers.filter(([header]) => !sameHeader(header, name)), [name, value])
  }
  return { ...parseUri(substitute(integration.uri ?? '', paths, call), rewritten ? query.toString() : call.query), headers }
}

/** By hand, because URL() would resolve dot segments that API Gateway passes on. */
function parseUri(uri: string, query: string): Omit<MappedRequest, 'headers'> {
  const [, protocol, host, port, path, ownQuery] = /^(https?):\/\/([^/:?]+)(?::(\d+))?(\/[^?]*)?(?:\?(.*))?$/s.exec(uri) ?? []
  if (protocol === undefined || host === undefined) throw new MappingError(`Invalid endpoint address: ${uri}`)
  const queries = [ownQuery, query].filter((part) => part).join('&')
  return {
    protocol,
    host,
    port: port === undefined ? (protocol === 'https' ? 443 : 80) : Number(port),
    path: `${path ?? '/'}${queries === '' ? '' : `?${queries}`}`,
  }
}
