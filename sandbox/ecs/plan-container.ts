import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs'
import { containerEnvironment } from './container-environment.ts'
import type { ContainerPlan } from './container-process.ts'
import type { Mount } from './mount.ts'
import { platformImageMounts } from './platform-image.ts'
import type { TaskHost } from './task-host.ts'
import { placePorts, type TaskPorts } from './task-ports.ts'

const defaultWorkingDirectory = '/app/server'

/** What a container executes. Throws where only the image could say. */
function argvOf(container: ContainerDefinition): readonly [string, ...string[]] {
  const [file, ...rest] = [...(container.entryPoint ?? []), ...(container.command ?? [])]
  if (file === undefined) {
    throw new Error(
      `CannotPullContainerError: images are not pulled here, and container ${container.name} (${container.image}) names no command`,
    )
  }
  return [file, ...rest]
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

function volumeMounts(container: ContainerDefinition, definition: TaskDefinition, taskDirectory: string, scratch: string): Mount[] {
  const mounts = (container.mountPoints ?? []).map(({ sourceVolume = '', containerPath = '', readOnly }): Mount => {
    if (!definition.volumes?.some((volume) => volume.name === sourceVolume)) throw new Error(`the task has no volume ${sourceVolume}`)
    return {
      kind: 'directory',
      source: directory(taskDirectory, 'volumes', sourceVolume),
      target: placeable(containerPath),
      readOnly: readOnly ?? false,
    }
  })
  if (mounts.some(({ target }) => target === defaultWorkingDirectory)) return mounts
  const source = directory(scratch, 'app')
  return [{ kind: 'directory', source, target: defaultWorkingDirectory, readOnly: container.readonlyRootFilesystem ?? false }, ...mounts]
}

/** Everything one container of a task is started with. */
export function planContainer(
  host: TaskHost,
  definition: TaskDefinition,
  container: ContainerDefinition,
  task: { directory: string; ports: TaskPorts; secrets: Readonly<Record<string, string>>; onOutput: (chunk: Buffer) => void },
): ContainerPlan {
  const argv = argvOf(container)
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
      ...volumeMounts(container, definition, task.directory, scratch),
      ...platformImageMounts(host.tools),
    ],
    onOutput: task.onOutput,
  }
}
