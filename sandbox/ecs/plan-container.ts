import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs'
import { containerEnvironment } from './container-environment.ts'
import type { ContainerPlan } from './container-process.ts'
import type { ImagePlan } from './engine.ts'
import type { Mount } from './mount.ts'
import { platformImageMounts } from './platform-image.ts'
import type { TaskHost } from './task-host.ts'
import { placePorts, type TaskPorts } from './task-ports.ts'

const defaultWorkingDirectory = '/app/server'

/** What a container executes; undefined where only its image can say. */
export function argvOf(container: ContainerDefinition): readonly [string, ...string[]] | undefined {
  const [file, ...rest] = [...(container.entryPoint ?? []), ...(container.command ?? [])]
  return file === undefined ? undefined : [file, ...rest]
}

const hiddenMount = (target: string): Mount[] =>
  target === '/' || target.startsWith('/tmp/') || !existsSync(target) ? [] : [{ kind: 'hidden', target }]

function temporaryMounts(container: ContainerDefinition): Mount[] {
  const given = (container.linuxParameters?.tmpfs ?? []).map(({ containerPath = '', size, mountOptions = [] }): Mount => {
    const options = [...mountOptions.filter((option) => /^[a-z]+(=[0-9a-z]+)?$/.test(option)), ...(size ? [`size=${size}m`] : [])]
    return { kind: 'tmpfs', target: placeable(containerPath), options: options.join(',') || 'mode=1777' }
  })
  return given.some(({ target }) => target === '/tmp') ? given : [{ kind: 'tmpfs', target: '/tmp', options: 'mode=1777' }, ...given]
}

/** A path that the view can hold without making anything on the host. */
function placeable(path: string): string {
  const top = `/${path.split('/')[1] ?? ''}`
  if (existsSync(path) || ['/app', '/gantry', '/opt', '/tmp'].includes(top) || !existsSync(top)) return path
  throw new Error(`CannotCreateContainerError: ${path} does not exist here and would have to be made in this host's ${top}`)
}

function directory(...parts: string[]): string {
  const path = join(...parts)
  mkdirSync(path, { recursive: true })
  return path
}

function volumeMounts(container: ContainerDefinition, definition: TaskDefinition, taskDirectory: string): Mount[] {
  return (container.mountPoints ?? []).map(({ sourceVolume = '', containerPath = '', readOnly }): Mount => {
    if (!definition.volumes?.some((volume) => volume.name === sourceVolume)) throw new Error(`the task has no volume ${sourceVolume}`)
    return {
      kind: 'directory',
      source: directory(taskDirectory, 'volumes', sourceVolume),
      target: placeable(containerPath),
      readOnly: readOnly ?? false,
    }
  })
}

/** A directory to start in, unless a volume is there. */
function ownDirectory(container: ContainerDefinition, mounts: readonly Mount[], scratch: string): Mount[] {
  if (mounts.some(({ target }) => target === defaultWorkingDirectory)) return []
  const source = directory(scratch, 'app')
  return [{ kind: 'directory', source, target: defaultWorkingDirectory, readOnly: container.readonlyRootFilesystem ?? false }]
}

/** What a container gets of its task. */
export interface ContainerSurroundings {
  readonly taskId: string
  readonly directory: string
  readonly ports: TaskPorts
  readonly secrets: Readonly<Record<string, string>>
  readonly onOutput: (chunk: Buffer) => void
}

/** Everything one container of a task is started with. */
export function planContainer(
  host: TaskHost,
  definition: TaskDefinition,
  container: ContainerDefinition,
  argv: ContainerPlan['argv'],
  task: ContainerSurroundings,
): ContainerPlan {
  const volumes = volumeMounts(container, definition, task.directory)
  const scratch = directory(task.directory, 'containers', container.name ?? '')
  const environment = containerEnvironment(container, task.secrets, host.aws, definition.taskRoleArn !== undefined, host.network)
  return {
    scratch,
    argv,
    environment: placePorts(environment, container.name ?? '', task.ports),
    workingDirectory: placeable(container.workingDirectory || defaultWorkingDirectory),
    readOnlyRoot: container.readonlyRootFilesystem ?? false,
    mounts: [
      ...host.hidden.flatMap(hiddenMount),
      ...temporaryMounts(container),
      { kind: 'directory', source: directory(host.directory, 'cache'), target: '/tmp/.cache', readOnly: false },
      ...ownDirectory(container, volumes, scratch),
      ...volumes,
      ...platformImageMounts(host.tools),
    ],
    onOutput: task.onOutput,
  }
}

/** The same for a container that runs what its image says: PATH and everything else that the definition leaves out are the image's. */
export function planImage(
  host: TaskHost,
  definition: TaskDefinition,
  container: ContainerDefinition,
  task: ContainerSurroundings,
): ImagePlan {
  const { PATH: _ours, ...environment } = containerEnvironment(container, task.secrets, host.aws, definition.taskRoleArn !== undefined, {})
  return {
    name: `gantry-${task.taskId}-${container.name}`,
    image: container.image ?? '',
    environment: placePorts(environment, container.name ?? '', task.ports),
    readOnlyRoot: container.readonlyRootFilesystem ?? false,
    mounts: [...temporaryMounts(container), ...volumeMounts(container, definition, task.directory)],
    onOutput: task.onOutput,
  }
}
