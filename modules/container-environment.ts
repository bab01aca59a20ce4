import type { PlatformContract } from '../schema/contract.ts'
import type { ResolvedDefinition } from '../schema/resolve-definition.ts'
import { bridgePort, startArguments } from './containers.ts'

export interface ContainerEnvironmentProps {
  readonly definition: ResolvedDefinition
  readonly serverId: string
  readonly contract: PlatformContract
  /** Whether the user's own variables, and whether the bridge's configuration, belong in this container. */
  readonly user: boolean
  readonly bridge: boolean
}

/** The root file system is read-only: everything that wants a home gets /tmp. */
const writable = [
  ['HOME', '/tmp'],
  ['npm_config_cache', '/tmp/.cache/npm'],
  ['UV_CACHE_DIR', '/tmp/.cache/uv'],
  ['PIP_CACHE_DIR', '/tmp/.cache/pip'],
] as const

/**
 * Memory of at least so many bytes goes back to the system as soon as it is freed. By default glibc keeps what large bodies took:
 * after 100 of 10 MB a bridge was seen to hold 690 MiB, with this 203.
 */
export const returnMemory = ['MALLOC_MMAP_THRESHOLD_', '131072'] as const

/** A container's environment in the order of its names; a later source wins, and GANTRY_ is nobody else's. */
export function containerEnvironment(props: ContainerEnvironmentProps): { name: string; value: string }[] {
  const { definition } = props
  const variables = new Map<string, string>(props.bridge ? [returnMemory] : [])
  if (props.user) {
    for (const [name, value] of writable) variables.set(name, value)
    for (const [name, value] of Object.entries(definition.environment)) variables.set(name, value)
    if (definition.serverType !== 'stdio') variables.set('PORT', String(definition.port))
  }
  if (props.bridge) for (const [name, value] of bridgeVariables(props)) variables.set(name, value)
  return [...variables].map(([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function bridgeVariables({ definition, serverId, contract }: ContainerEnvironmentProps): [string, string][] {
  const { serverType, startCommand, mcpPath } = definition
  const healthPath = definition.loadBalancerConfig?.healthCheckConfig.path
  const common: [string, string][] = [
    ['GANTRY_SERVER_ID', serverId],
    ['GANTRY_SERVER_TYPE', serverType],
    ['GANTRY_PORT', String(bridgePort(definition))],
    ['GANTRY_STAGE', contract.api.stage],
    ['GANTRY_PUBLIC_URL', contract.publicUrl],
    ['GANTRY_IDENTITY_KEY', contract.identityKey.publicKey],
    ['GANTRY_IDENTITY_ISSUER', contract.identityKey.arn],
    ...(healthPath === undefined ? [] : ([['GANTRY_HEALTH_PATH', healthPath]] satisfies [string, string][])),
  ]
  if (serverType === 'stdio') return [...common, ['GANTRY_COMMAND', JSON.stringify(startArguments(startCommand ?? []))]]
  return [...common, ['GANTRY_UPSTREAM_PORT', String(definition.port)], ['GANTRY_MCP_PATH', mcpPath]]
}
