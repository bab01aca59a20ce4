import type { ContainerDefinition } from '@aws-sdk/client-ecs'

/** The ports that a task's containers want on this host, where `bridge` listens on the task's own address. */
export interface WantedPorts {
  /** Name and port of the container that runs the bridge. */
  readonly bridge?: { readonly container: string; readonly port: number }
  /** The server's own port, behind the bridge; it is the host's. */
  readonly server?: number
}

const value = (container: ContainerDefinition, name: string): string | undefined =>
  container.environment?.find((variable) => variable.name === name)?.value

const port = (text: string | undefined): number | undefined => (text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined)

/** Reads from the containers' environment who listens where. */
export function wantedPorts(containers: readonly ContainerDefinition[]): WantedPorts {
  const bridge = containers.find((container) => port(value(container, 'GANTRY_PORT')) !== undefined)
  const server = port(bridge && value(bridge, 'GANTRY_UPSTREAM_PORT'))
  const bridgePort = port(bridge && value(bridge, 'GANTRY_PORT'))
  return {
    ...(bridge && bridgePort !== undefined && { bridge: { container: bridge.name ?? '', port: bridgePort } }),
    ...(server !== undefined && { server }),
  }
}

/** Where a task's listeners really are. */
export interface TaskPorts {
  readonly address: string
  readonly wanted: WantedPorts
  readonly bridge?: number
  readonly server?: number
}

/** A container's environment with the task's address and ports in the place of those the definition names. */
export function placePorts(environment: Readonly<Record<string, string>>, containerName: string, ports: TaskPorts): Record<string, string> {
  const placed: Record<string, string> = { ...environment }
  const { wanted } = ports
  if (wanted.bridge?.container === containerName) {
    placed.GANTRY_HOST = ports.address
    placed.GANTRY_PORT = String(ports.bridge ?? wanted.bridge.port)
    if (wanted.server !== undefined) placed.GANTRY_UPSTREAM_PORT = String(ports.server ?? wanted.server)
  } else if (wanted.server !== undefined && placed.PORT === String(wanted.server)) placed.PORT = String(ports.server ?? wanted.server)
  return placed
}

/** A health command with `localhost:<port>` (and 127.0.0.1, [::1]) led to where the task really listens. */
export function placeCommand(command: readonly string[], ports: TaskPorts): string[] {
  const { wanted } = ports
  return command.map((part) =>
    part.replace(/(localhost|127\.0\.0\.1|\[::1\]):(\d{1,5})(?!\d)/g, (whole, host: string, text: string) => {
      if (Number(text) === wanted.bridge?.port) return `${ports.address}:${ports.bridge ?? text}`
      return Number(text) === wanted.server ? `${host}:${ports.server ?? text}` : whole
    }),
  )
}
