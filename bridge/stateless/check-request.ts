import type { IncomingHttpHeaders } from 'node:http'
import type { ClientMessage } from '../stdio/parse-body.ts'
import { isRecord } from '../stdio/parse-body.ts'
import { decodeHeaderValue } from './header-value.ts'
import { metaKey, statelessCode, statelessRevision } from './revision.ts'

export type Refusal = { status: number; code: number; reason: string; data?: unknown }

const logLevels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']

/** The rank of a log level; -1 where it is none. */
export function logRank(level: unknown): number {
  return logLevels.indexOf(String(level))
}

/** Why a request is not one of the revision: its `_meta`, its version, or a header that does not say what the body says. */
export function checkRequest(headers: IncomingHttpHeaders, { method, params, progressToken }: ClientMessage): Refusal | undefined {
  const meta = isRecord(params._meta) ? params._meta : {}
  const version = meta[metaKey.protocolVersion]
  if (typeof version !== 'string') return invalid(`_meta lacks ${metaKey.protocolVersion}.`)
  const given = headers['mcp-protocol-version']
  if (given !== version) return mismatch('MCP-Protocol-Version', given, version)
  if (version !== statelessRevision) {
    const data = { supported: [statelessRevision], requested: version }
    return { status: 400, code: statelessCode.unsupportedVersion, reason: 'Unsupported protocol version', data }
  }
  if (!isRecord(meta[metaKey.clientCapabilities])) return invalid(`_meta lacks ${metaKey.clientCapabilities}.`)
  if (headers['mcp-method'] !== method) return mismatch('Mcp-Method', headers['mcp-method'], method)
  const level = meta[metaKey.logLevel]
  if (level !== undefined && logRank(level) < 0) return invalid(`${metaKey.logLevel} is ${JSON.stringify(level)}: no log level.`)
  // Common servers never answer a request whose token is neither.
  if (meta.progressToken !== undefined && progressToken === undefined) return invalid('progressToken is neither a string nor a number.')
  return checkName(headers['mcp-name'], method, params)
}

function checkName(header: string | string[] | undefined, method: string, params: ClientMessage['params']): Refusal | undefined {
  const name = nameOf(method, params)
  if (typeof name !== 'string') return undefined
  const given = typeof header === 'string' ? decodeHeaderValue(header) : undefined
  return given === name ? undefined : mismatch('Mcp-Name', header, name)
}

function nameOf(method: string, params: ClientMessage['params']): unknown {
  if (method === 'tools/call' || method === 'prompts/get') return params.name
  return method === 'resources/read' ? params.uri : undefined
}

function invalid(reason: string): Refusal {
  return { status: 400, code: statelessCode.invalidParams, reason }
}

/** A header that does not say what the body says. */
export function mismatch(header: string, got: unknown, expected: string): Refusal {
  const said = got === undefined ? 'is missing' : `is ${JSON.stringify(got)}`
  return {
    status: 400,
    code: statelessCode.headerMismatch,
    reason: `Header mismatch: ${header} ${said}, the body says ${JSON.stringify(expected)}.`,
  }
}
