import type { PlatformContract } from '../schema/contract.ts'
import type { ResolvedDefinition } from '../schema/resolve-definition.ts'
import { containerEnvironment } from './container-environment.ts'
import { type ContainerSecret, serverSecrets, sessionSecretBinding } from './server-secrets.ts'

/** One entry of ECS container_definitions, as far as we use it. */
export interface Container {
  readonly name: string
  readonly image: string
  readonly essential: boolean
  readonly user?: string
  readonly entryPoint?: readonly string[]
  readonly command?: readonly string[]
  readonly workingDirectory?: string
  readonly environment: readonly { readonly name: string; readonly value: string }[]
  readonly secrets?: readonly ContainerSecret[]
  readonly portMappings?: readonly { readonly containerPort: number; readonly hostPort: number; readonly protocol: 'tcp' }[]
  readonly mountPoints?: readonly { readonly sourceVolume: string; readonly containerPath: string; readonly readOnly: boolean }[]
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: 'START' | 'SUCCESS' }[]
  readonly healthCheck?: object
  readonly readonlyRootFilesystem: boolean
  readonly linuxParameters: object
  readonly stopTimeout?: number
  readonly logConfiguration: object
}

export interface ContainersProps {
  readonly definition: ResolvedDefinition
  readonly uid: string
  readonly serverId: string
  readonly contract: PlatformContract
  readonly logGroup: string
}

/** Filled by the init container: the bridge with a Node of its own, and the server's files from S3. */
const volumes = {
  bridge: { name: 'gantry', path: '/gantry', variable: 'GANTRY_RUNTIME_DIRECTORY' },
  files: { name: 'server', path: '/app/server', variable: 'GANTRY_FILES_DIRECTORY' },
} as const

/** With its own loader and libraries, so that it runs in any image. */
const bridgeInImage = ['/gantry/lib/ld.so', '--library-path', '/gantry/lib', '/gantry/node', '/gantry/bridge.mjs']

/** Where the load balancer sends: 8080, or 8081 where the server's own port is 8080. */
export function bridgePort(definition: ResolvedDefinition): 8080 | 8081 {
  return definition.serverType !== 'stdio' && definition.port === 8080 ? 8081 : 8080
}

/** The container the load balancer speaks to: the bridge is the server itself for stdio, its neighbour otherwise. */
export const bridgeContainer = (definition: ResolvedDefinition): string => (definition.serverType === 'stdio' ? 'server' : 'bridge')

/** The volumes a task needs: the bridge only where it must run inside an image that does not bring it. */
export function taskVolumes(definition: ResolvedDefinition): { name: string; path: string; variable: string }[] {
  const bridge = definition.serverType === 'stdio' && definition.image !== undefined
  return [...(bridge ? [volumes.bridge] : []), ...(definition.s3Path === undefined ? [] : [volumes.files])]
}

/** The task's containers; pure, and the only place user text becomes part of a task. */
export function containers(props: ContainersProps): Container[] {
  const init = taskVolumes(props.definition).length > 0 ? [initContainer(props)] : []
  const main = props.definition.serverType === 'stdio' ? [stdioContainer(props)] : [httpContainer(props), relayContainer(props)]
  return [...init, ...main]
}

/** Runs once as root, fills the volumes, chowns them and exits. */
function initContainer(props: ContainersProps): Container {
  const { definition, contract } = props
  const filled = taskVolumes(definition)
  return {
    name: 'init',
    image: contract.runtimeImage,
    essential: false,
    user: '0',
    command: ['/opt/gantry/node', '/opt/gantry/init.mjs'],
    environment: [
      ...(definition.s3Path === undefined ? [] : [{ name: 'GANTRY_ARTIFACTS', value: artifacts(definition.s3Path, contract) }]),
      ...filled.map(({ variable, path }) => ({ name: variable, value: path })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1)),
    mountPoints: filled.map(({ name, path }) => ({ sourceVolume: name, containerPath: path, readOnly: false })),
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true },
    logConfiguration: logs('init', props),
  }
}

function stdioContainer(props: ContainersProps): Container {
  const { definition } = props
  const run = definition.image
    ? { image: definition.image, entryPoint: bridgeInImage.slice(0, 1), command: bridgeInImage.slice(1) }
    : { ...platformImage(props), command: ['/opt/gantry/node', '/opt/gantry/bridge.mjs'] }
  const environment = containerEnvironment({ ...props, user: true, bridge: true })
  const secrets = [...serverSecrets(props), sessionSecretBinding(props)]
  return { ...serverContainer(props), ...run, environment, secrets, portMappings: ports(bridgePort(definition)) }
}

function httpContainer(props: ContainersProps): Container {
  const { definition } = props
  const argv = definition.startCommand === undefined ? undefined : startArguments(definition.startCommand)
  const run = definition.image
    ? { image: definition.image, ...(argv ? { entryPoint: argv.slice(0, 1), command: argv.slice(1) } : {}) }
    : { ...platformImage(props), command: argv ?? [] }
  const secrets = serverSecrets(props)
  const environment = containerEnvironment({ ...props, user: true, bridge: false })
  return { ...serverContainer(props), ...run, environment, ...(secrets.length > 0 ? { secrets } : {}) }
}

function relayContainer(props: ContainersProps): Container {
  return {
    name: 'bridge',
    ...platformImage(props),
    essential: true,
    command: ['/opt/gantry/node', '/opt/gantry/bridge.mjs'],
    environment: containerEnvironment({ ...props, user: false, bridge: true }),
    secrets: [sessionSecretBinding(props)],
    portMappings: ports(bridgePort(props.definition)),
    dependsOn: [{ containerName: 'server', condition: 'START' }],
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true },
    stopTimeout,
    logConfiguration: logs('bridge', props),
  }
}

/** Fargate's most: calls in flight get as long as they can have. */
const stopTimeout = 120

/** What every `server` container is, whatever runs in it. */
function serverContainer(props: ContainersProps) {
  const { definition } = props
  const mounts = taskVolumes(definition)
  return {
    name: 'server',
    essential: true,
    readonlyRootFilesystem: true,
    // Half of the task's memory at most: packages that npx and uvx bring go here. Docker's own default is noexec.
    linuxParameters: {
      initProcessEnabled: true,
      tmpfs: [
        { containerPath: '/tmp', size: Math.floor(definition.memoryLimitMiB / 2), mountOptions: ['mode=1777', 'exec', 'nosuid', 'nodev'] },
      ],
    },
    stopTimeout,
    logConfiguration: logs('server', props),
    ...healthCheck(definition),
    // An image has a directory of its own to start in.
    ...(definition.s3Path === undefined ? {} : { workingDirectory: volumes.files.path }),
    ...(mounts.length > 0
      ? {
          dependsOn: [{ containerName: 'init', condition: 'SUCCESS' as const }],
          mountPoints: mounts.map(({ name, path }) => ({ sourceVolume: name, containerPath: path, readOnly: true })),
        }
      : {}),
  }
}

const platformImage = ({ contract }: ContainersProps) => ({ image: contract.runtimeImage, user: '1000' })

const ports = (port: number) => [{ containerPort: port, hostPort: port, protocol: 'tcp' as const }]

/** A string runs under the shell, an array is executed as it is. */
export function startArguments(startCommand: string | string[]): string[] {
  return typeof startCommand === 'string' ? ['/bin/sh', '-c', startCommand] : startCommand
}

function logs(container: string, props: ContainersProps) {
  const options = { 'awslogs-group': props.logGroup, 'awslogs-region': props.contract.region, 'awslogs-stream-prefix': container }
  return { logDriver: 'awslogs', options: { ...options, mode: 'non-blocking' } }
}

function healthCheck(definition: ResolvedDefinition) {
  const config = definition.containerHealthCheckConfig
  if (!config) return {}
  const { command, ...timing } = config
  return { healthCheck: { command: typeof command === 'string' ? ['CMD-SHELL', command] : ['CMD', ...command], ...timing } }
}

/** `s3://<the platform's bucket>/<prefix>`, whether the definition names the bucket or not. */
function artifacts(s3Path: string, contract: PlatformContract): string {
  return s3Path.startsWith('s3://') ? s3Path : `s3://${contract.artifactsBucket}/${s3Path.replace(/^\/+/, '')}`
}
