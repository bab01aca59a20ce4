import { createPublicKey, type KeyObject } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { readTaskAddress } from './task-address.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A server that the bridge starts once for each session. */
export type StdioServer = { type: 'stdio'; command: readonly [string, ...string[]]; environment: Readonly<Record<string, string>> }

/** A server that listens beside the bridge in the same task. */
export type UpstreamServer = { type: 'http' | 'sse'; port: number; mcpPath: string }

/** What session ids are sealed with, and the IPv4 address at which other tasks of this server reach this one. */
export type Sealing = { secret: string; address: string }

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
  /** Absent: only the task that began a session knows its id. */
  sealing: Sealing | undefined
}

/** What the process was started with; an Error names the variable that is wrong. */
export async function readConfig(): Promise<Config> {
  const env = process.env
  const metadataUrl = env.GANTRY_SESSION_SECRET && !env.GANTRY_HOST && env.ECS_CONTAINER_METADATA_URI_V4
  return parseConfig(env, metadataUrl ? await readTaskAddress(metadataUrl) : undefined)
}

/**
 * Reads the GANTRY_ variables; an Error names the variable, what it holds and what is expected.
 * `taskAddress` is what ECS says; a bridge that listens on one address only needs none.
 */
export function parseConfig(env: Environment, taskAddress?: string): Config {
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
    sealing: parseSealing(env, taskAddress),
  }
}

function parseServer(env: Environment, type: string): StdioServer | UpstreamServer {
  if (type === 'stdio') return { type, command: parseCommand(env, 'GANTRY_COMMAND'), environment: childEnvironment(env) }
  if (type !== 'http' && type !== 'sse') throw wrong('GANTRY_SERVER_TYPE', type, 'stdio, http or sse')
  const mcpPath = parsePath(env, 'GANTRY_MCP_PATH') ?? (type === 'sse' ? '/sse' : '/mcp')
  return { type, port: parsePort(env, 'GANTRY_UPSTREAM_PORT', 1), mcpPath }
}

function parseSealing(env: Environment, taskAddress: string | undefined): Sealing | undefined {
  const secret = optional(env, 'GANTRY_SESSION_SECRET')
  if (secret === undefined) return undefined
  if (secret.length < 32) throw wrong('GANTRY_SESSION_SECRET', `${secret.length} characters`, 'at least 32 characters')
  const address = optional(env, 'GANTRY_HOST') ?? taskAddress
  if (address === undefined)
    throw new Error('GANTRY_SESSION_SECRET needs GANTRY_HOST or ECS_CONTAINER_METADATA_URI_V4: sealed ids name this task.')
  if (!isIPv4(address) || address === '0.0.0.0')
    throw wrong('GANTRY_HOST', address, 'the IPv4 address of this task, as session ids are sealed')
  return { secret, address }
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
