import { createPublicKey, type KeyObject } from 'node:crypto'

export type Environment = Readonly<Record<string, string | undefined>>

/** A server that the bridge starts once for each session. */
export type StdioServer = { type: 'stdio'; command: readonly [string, ...string[]]; environment: Readonly<Record<string, string>> }

/** A server that listens beside the bridge in the same task. */
export type UpstreamServer = { type: 'http' | 'sse'; port: number; mcpPath: string }

export type Config = {
  serverId: string
  server: StdioServer | UpstreamServer
  /** Absent: all interfaces. */
  host: string | undefined
  port: number
  /** First path segment that API Gateway may leave in front. */
  stage: string | undefined
  publicUrl: URL | undefined
  /** Asked by the load balancer beside the fixed health paths. */
  healthPath: string | undefined
  identityKey: KeyObject
  identityIssuer: string
}

/** What the process was started with; an Error names the variable that is wrong. */
export function readConfig(): Config {
  return parseConfig(process.env)
}

/** Reads the GANTRY_ variables; an Error names the variable, what it holds and what is expected. */
export function parseConfig(env: Environment): Config {
  const type = required(env, 'GANTRY_SERVER_TYPE')
  return {
    serverId: required(env, 'GANTRY_SERVER_ID'),
    server: parseServer(env, type),
    host: optional(env, 'GANTRY_HOST'),
    port: parsePort(env, 'GANTRY_PORT', 0),
    stage: optional(env, 'GANTRY_STAGE'),
    publicUrl: parseUrl(env, 'GANTRY_PUBLIC_URL'),
    healthPath: parsePath(env, 'GANTRY_HEALTH_PATH'),
    identityKey: parseKey(env, 'GANTRY_IDENTITY_KEY'),
    identityIssuer: required(env, 'GANTRY_IDENTITY_ISSUER'),
  }
}

function parseServer(env: Environment, type: string): StdioServer | UpstreamServer {
  if (type === 'stdio') return { type, command: parseCommand(env, 'GANTRY_COMMAND'), environment: childEnvironment(env) }
  if (type !== 'http' && type !== 'sse') throw wrong('GANTRY_SERVER_TYPE', type, 'stdio, http or sse')
  const mcpPath = parsePath(env, 'GANTRY_MCP_PATH') ?? (type === 'sse' ? '/sse' : '/mcp')
  return { type, port: parsePort(env, 'GANTRY_UPSTREAM_PORT', 1), mcpPath }
}

function childEnvironment(env: Environment): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith('GANTRY_')))
}

function parseCommand(env: Environment, name: string): [string, ...string[]] {
  const text = required(env, name)
  const value = parseJson(text)
  if (!Array.isArray(value) || !value.every((part) => typeof part === 'string')) throw wrong(name, text, 'a JSON array of strings')
  const [program, ...rest] = value
  if (!program) throw wrong(name, text, 'a program as its first element')
  return [program, ...rest]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parsePort(env: Environment, name: string, lowest: number): number {
  const text = required(env, name)
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < lowest || port > 65535) throw wrong(name, text, `a port from ${lowest} to 65535`)
  return port
}

function parsePath(env: Environment, name: string): string | undefined {
  const path = optional(env, name)
  if (path !== undefined && !/^\/[^\s?#]*$/.test(path)) throw wrong(name, path, 'an absolute path')
  return path
}

function parseUrl(env: Environment, name: string): URL | undefined {
  const text = optional(env, name)
  if (text === undefined) return undefined
  if (!/^https?:/.test(text) || !URL.canParse(text)) throw wrong(name, text, 'an http or https URL')
  return new URL(text)
}

function parseKey(env: Environment, name: string): KeyObject {
  const text = required(env, name)
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  } catch {}
  throw wrong(name, `${text.length} characters`, 'a P-256 public key as base64 of its SPKI DER')
}

function required(env: Environment, name: string): string {
  const value = optional(env, name)
  if (value === undefined) throw new Error(`${name} is missing: the bridge is configured by its environment only.`)
  return value
}

function optional(env: Environment, name: string): string | undefined {
  return env[name] || undefined
}

function wrong(name: string, got: string, expected: string): Error {
  return new Error(`${name} is ${JSON.stringify(got)}: expected ${expected}.`)
}
