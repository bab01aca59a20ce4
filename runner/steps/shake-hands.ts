import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpError } from '@modelcontextprotocol/sdk/types.js'
import type { Tool } from '../../schema/server.ts'
import { pause } from '../pause.ts'

export interface HandshakeOptions {
  readonly url: string
  readonly token: string
  readonly signal: AbortSignal
  /** In all. A first start may download a package before it can answer. */
  readonly timeoutSeconds?: number
  /** For answers that say the route is not there yet. */
  readonly routeTimeoutSeconds?: number
  readonly pollMilliseconds?: number
  /** Asked before each further try: what it throws ends the wait. */
  readonly beforeRetry?: () => Promise<void>
}

export interface Handshake {
  readonly tools: Tool[]
  readonly serverVersion: { name: string; version: string } | undefined
}

const mostPages = 50
/** A gateway or load balancer that does not know the route or the target yet. */
const passing = new Set([403, 404, 429, 502, 503, 504])

const isPassing = (error: unknown): boolean => {
  if (error instanceof McpError) return false
  if (error instanceof StreamableHTTPError) return passing.has(error.code ?? 0)
  // fetch words a refused or broken connection as a TypeError.
  return error instanceof TypeError
}

/** initialize and tools/list through the published route; tries again while the route is not there yet. */
export async function shakeHands(options: HandshakeOptions): Promise<Handshake> {
  const deadline = Date.now() + (options.timeoutSeconds ?? 300) * 1000
  const routeDeadline = Date.now() + (options.routeTimeoutSeconds ?? 90) * 1000
  for (;;) {
    try {
      return await shakeOnce(options, deadline - Date.now())
    } catch (error) {
      options.signal.throwIfAborted()
      if (!isPassing(error) || Date.now() > Math.min(deadline, routeDeadline)) throw error
    }
    await options.beforeRetry?.()
    await pause(options.pollMilliseconds ?? 1000, options.signal)
  }
}

async function shakeOnce({ url, token, signal }: HandshakeOptions, timeout: number): Promise<Handshake> {
  const client = new Client({ name: 'gantry-runner', version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${token}` } } })
  const request = { timeout, maxTotalTimeout: timeout, signal }
  try {
    await client.connect(transport, request)
    const tools = client.getServerCapabilities()?.tools ? await listTools(client, request) : []
    return { tools, serverVersion: client.getServerVersion() }
  } finally {
    await transport.terminateSession().catch(() => {})
    await client.close()
  }
}

async function listTools(client: Client, request: { timeout: number; signal: AbortSignal }): Promise<Tool[]> {
  const tools: Tool[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await client.listTools(cursor ? { cursor } : {}, request)
    tools.push(...answer.tools)
    cursor = answer.nextCursor
    if (!cursor) break
  }
  return tools
}
