import { fileURLToPath } from 'node:url'
import { returnMemory } from '../../../modules/container-environment.ts'
import { issuer, publicKey, signIdentity } from '../../bridge/support/identity.ts'
import type { Programs } from './install-fronts.ts'

/** A program that speaks Streamable HTTP in front of a stdio server, or instead of one. */
export interface Front {
  readonly name: string
  readonly path: string
  readonly healthPath: string
  readonly headers: string
  /** The command of its own, for a port and the stdio server behind. */
  start(port: number, server: Command): { readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> }
  /** It is the server itself: whatever is to stand behind, it answers with its own tools. */
  readonly alone?: true
}

type Command = readonly [string, ...string[]]

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const loopbackOnly = ['--import', here('loopback-only.mjs')]
const identity = signIdentity({ exp: Math.floor(Date.now() / 1000) + 3600 })

/** Answers echo and nothing else, for a megabyte of memory. */
export const sedChild: Command = ['sed', '-unf', here('echo-child.sed')]

/** Has a tool for each thing that a bridge can get wrong. */
export const fixtureChild: Command = [process.execPath, fileURLToPath(new URL('../../bridge/fixtures/stdio-server.mjs', import.meta.url))]

export const everythingChild = (programs: Programs): Command => [process.execPath, programs.everything, 'stdio']

/** The bundle with every feature on, as a task runs it. */
export function bridge(name: string, bundle: string, env: Readonly<Record<string, string>> = {}): Front {
  return {
    name,
    path: '/mcp/fixture/mcp',
    healthPath: '/healthz',
    headers: `x-gantry-identity: ${identity}\r\n`,
    start: (port, server) => ({
      args: [bundle],
      env: {
        GANTRY_SERVER_ID: 'fixture',
        GANTRY_SERVER_TYPE: 'stdio',
        GANTRY_COMMAND: JSON.stringify(server),
        GANTRY_HOST: '127.0.0.1',
        GANTRY_PORT: String(port),
        GANTRY_PUBLIC_URL: 'http://gateway.test',
        GANTRY_STAGE: 'live',
        GANTRY_IDENTITY_KEY: publicKey,
        GANTRY_IDENTITY_ISSUER: issuer,
        GANTRY_SESSION_SECRET: 'what session ids are sealed with',
        ...Object.fromEntries([returnMemory]),
        ...env,
      },
    }),
  }
}

/** What all others are measured against: server-everything's own HTTP mode. */
export const referenceName = 'everything'

export function otherFronts({ everything, mcpProxy, supergateway }: Programs): Front[] {
  const common = { path: '/mcp', healthPath: '/healthz', headers: '' }
  return [
    {
      ...common,
      name: referenceName,
      alone: true,
      start: (port) => ({ args: [...loopbackOnly, everything, 'streamableHttp'], env: { PORT: String(port) } }),
    },
    {
      ...common,
      name: 'mcp-proxy',
      healthPath: '/ping',
      start: (port, server) => ({ args: [mcpProxy, '--host', '127.0.0.1', '--port', String(port), '--server', 'stream', '--', ...server] }),
    },
    {
      ...common,
      name: 'supergateway',
      start: (port, server) => {
        const transport = ['--stdio', server.join(' '), '--outputTransport', 'streamableHttp', '--stateful', '--logLevel', 'none']
        return { args: [...loopbackOnly, supergateway, ...transport, '--healthEndpoint', '/healthz', '--port', String(port)] }
      },
    },
  ]
}
