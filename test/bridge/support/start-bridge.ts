import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js'
import { onTestFinished } from 'vitest'
import { parseConfig } from '../../../bridge/config.ts'
import { createBridge } from '../../../bridge/create-bridge.ts'
import { defaultLimits, type Limits } from '../../../bridge/limits.ts'
import { issuer, publicKey, signIdentity } from './identity.ts'

export type LogLine = Readonly<Record<string, unknown>>

/** The path of a program in fixtures/. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
}

export function bridgeEnvironment(env: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    GANTRY_SERVER_ID: 'fixture',
    GANTRY_SERVER_TYPE: 'stdio',
    GANTRY_COMMAND: JSON.stringify([process.execPath, fixture('stdio-server.mjs')]),
    GANTRY_PORT: '0',
    GANTRY_HOST: '127.0.0.1',
    GANTRY_STAGE: 'live',
    GANTRY_PUBLIC_URL: 'http://gateway.test',
    GANTRY_IDENTITY_KEY: publicKey,
    GANTRY_IDENTITY_ISSUER: issuer,
    ...env,
  }
}

/** A bridge in this process that ends with the test. */
export async function startBridge(env: Record<string, string> = {}, limits: Partial<Limits> = {}) {
  const logs: LogLine[] = []
  const log = (level: string, msg: string, fields?: LogLine) => void logs.push({ level, msg, ...fields })
  const bridge = createBridge(parseConfig(bridgeEnvironment(env)), log, {
    ...defaultLimits(),
    graceSeconds: 0.5,
    drainSeconds: 0.5,
    ...limits,
  })
  const { address, port } = await bridge.listen()
  onTestFinished(async () => {
    bridge.kill()
    await bridge.drain()
  })
  return { bridge, logs, origin: `http://${address}:${port}`, url: `http://${address}:${port}/mcp/fixture/mcp` }
}

/** An official client that is connected until the test ends. */
export async function connectClient(
  url: string,
  { identity = signIdentity(), client = new Client({ name: 'test', version: '1' }), fetch = globalThis.fetch as FetchLike } = {},
) {
  const transport = new StreamableHTTPClientTransport(new URL(url), { fetch, requestInit: { headers: { 'x-gantry-identity': identity } } })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return { client, transport }
}
