import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerDefinition, Task, TaskDefinition, TaskStopCode } from '@aws-sdk/client-ecs'
import { checkContainer } from './check-container.ts'
import type { ContainerProcess } from './container-process.ts'
import { type ContainerState, containerState, dependenciesMet, isEssential } from './container-state.ts'
import { describeTask } from './describe-task.ts'
import { findPort } from './find-port.ts'
import { argvOf, type ContainerSurroundings, planContainer } from './plan-container.ts'
import { resolveSecrets } from './resolve-secrets.ts'
import { type LogShipper, openLogStream } from './ship-logs.ts'
import { startImage } from './start-image.ts'
import { startOrder } from './start-order.ts'
import type { TaskHost } from './task-host.ts'
import { placeCommand, type TaskPorts, wantedPorts } from './task-ports.ts'

export interface TaskSpec {
  readonly id: string
  readonly arn: string
  readonly clusterArn: string
  readonly group: string
  readonly startedBy: string
  /** The task's own loopback address. */
  readonly address: string
  readonly definition: TaskDefinition
}

export type TaskStatus = 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED'

/** Why and when a task came and went. */
export interface TaskTimes {
  readonly createdAt: Date
  startedAt?: Date
  stoppingAt?: Date
  stoppedAt?: Date
  stopCode?: TaskStopCode
  stoppedReason?: string
}

export interface RunningTask {
  readonly spec: TaskSpec
  readonly times: TaskTimes
  status(): TaskStatus
  health(): 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY'
  /** Where a container's port really is, at the task's address. */
  portOf(containerName: string, containerPort: number): number
  describe(): Task
  /** Ends the task after `before`, which may take its targets out of service. */
  stop(code: TaskStopCode, reason: string, before?: () => Promise<void>): void
  /** SIGKILL to every container. */
  kill(): void
  readonly stopped: Promise<void>
}

/** How a task tells what happens to it. */
export interface TaskListener {
  changed(): void
  /** It ends by itself: nothing should be sent to it any more. */
  leaving(): void
  event(message: string): void
}

const logFlushMs = 2000

/** Starts a task and keeps it: containers by their dependencies, health checks, logs, and the end of all when an essential one ends. */
export function runTask(spec: TaskSpec, host: TaskHost, listener: TaskListener): RunningTask {
  const directory = join(host.directory, 'tasks', spec.id)
  const containers = (spec.definition.containerDefinitions ?? []).map(containerState)
  const checks: { stop(): void }[] = []
  const startups: Promise<void>[] = []
  const shippers = new Map<ContainerState, LogShipper>()
  const times: TaskTimes = { createdAt: new Date() }
  let status: TaskStatus = 'PENDING'
  let ports: TaskPorts = { address: spec.address, wanted: wantedPorts(spec.definition.containerDefinitions ?? []) }
  let ending: Promise<void> | undefined
  let end: () => void = () => undefined
  const stopped = new Promise<void>((resolve) => {
    end = resolve
  })

  const become = (next: TaskStatus): void => {
    status = next
    listener.changed()
  }

  const choosePorts = async (): Promise<void> => {
    const { wanted } = ports
    const tell = (kind: string, from: number, to: number): void => {
      if (from !== to) listener.event(`port ${from} is taken on this host: the ${kind} of task ${spec.id} has ${to} instead.`)
    }
    if (wanted.server !== undefined) {
      const server = await findPort('0.0.0.0', wanted.server, new Set([...host.serverPorts, ...host.bridgePorts]))
      host.serverPorts.add(server)
      ports = { ...ports, server }
      tell('server (PORT)', wanted.server, server)
    }
    if (wanted.bridge !== undefined) {
      const bridge = await findPort(spec.address, wanted.bridge.port, host.serverPorts)
      host.bridgePorts.add(bridge)
      ports = { ...ports, bridge }
      tell('bridge', wanted.bridge.port, bridge)
    }
  }

  const exited = (container: ContainerState, code: number): void => {
    container.status = 'STOPPED'
    container.exitCode = code
    container.ended.resolve(code)
    listener.changed()
    if (!isEssential(container) || ending) return
    listener.leaving()
    stop('EssentialContainerExited', 'Essential container in task exited')
  }

  const watchHealth = (container: ContainerState): void => {
    const check = container.definition.healthCheck
    if (check?.command === undefined || container.process === undefined) return
    const loop = checkContainer(container.process, check, placeCommand(check.command, ports), (state) => {
      container.health = state === 'healthy' ? 'HEALTHY' : 'UNHEALTHY'
      if (state === 'healthy') container.healthy.resolve()
      listener.changed()
    })
    checks.push(loop)
  }

  const startProcess = (container: ContainerDefinition, surroundings: ContainerSurroundings): Promise<ContainerProcess> => {
    const { name, image = '' } = container
    const argv = argvOf(container)
    if (argv === undefined) return startImage(host, spec.definition, container, surroundings)
    if (!host.isPlatformImage(image)) {
      listener.event(`container ${name}: the image ${image} was not used; its command runs on this machine.`)
    }
    return host.isolation.start(planContainer(host, spec.definition, container, argv, surroundings))
  }

  const startContainer = async (container: ContainerState, secrets: Record<string, string>): Promise<void> => {
    await dependenciesMet(container, containers)
    if (ending) return
    const onOutput = (chunk: Buffer): void => shippers.get(container)?.write(chunk)
    container.process = await startProcess(container.definition, { taskId: spec.id, directory, ports, secrets, onOutput })
    container.status = 'RUNNING'
    container.started.resolve()
    container.process.exited.then((code) => exited(container, code))
    if (ending) container.process.kill()
    else watchHealth(container)
  }

  const start = async (): Promise<void> => {
    const ordered = startOrder(containers.map((container) => container.definition))
    await choosePorts()
    const secrets = await Promise.all(containers.map((container) => resolveSecrets(host.clients, container.definition.secrets ?? [])))
    for (const container of containers) {
      const { name = '', logConfiguration } = container.definition
      const shipper = await openLogStream(host.clients.logs, logConfiguration, name, spec.id)
      if (shipper) shippers.set(container, shipper)
    }
    if (ending) return
    const inOrder = containers.toSorted((a, b) => ordered.indexOf(a.definition) - ordered.indexOf(b.definition))
    startups.push(...inOrder.map((container) => startContainer(container, secrets[containers.indexOf(container)] ?? {})))
    await Promise.all(startups)
    if (ending) return
    times.startedAt = new Date()
    become('RUNNING')
  }

  const stopContainer = async (container: ContainerState): Promise<void> => {
    const running = containers.filter((other) => other.status === 'RUNNING')
    const dependents = running.filter((other) =>
      other.definition.dependsOn?.some(({ containerName }) => containerName === container.definition.name),
    )
    await Promise.all(dependents.map((dependent) => dependent.ended.promise))
    if (container.process === undefined || container.status === 'STOPPED') {
      container.status = 'STOPPED'
      container.ended.resolve(container.exitCode)
      return
    }
    container.process.signal('SIGTERM')
    const timer = setTimeout(() => container.process?.kill(), (container.definition.stopTimeout ?? 30) * 1000)
    await container.ended.promise
    clearTimeout(timer)
  }

  const finish = async (starting: Promise<void>, before?: () => Promise<void>): Promise<void> => {
    become('DEACTIVATING')
    await before?.().catch(() => undefined)
    become('STOPPING')
    for (const check of checks) check.stop()
    const stopping = Promise.all(containers.map(stopContainer))
    await starting.catch(() => undefined)
    await stopping
    await Promise.allSettled(startups)
    await Promise.all(containers.map((container) => container.process?.exited))
    await Promise.all([...shippers.values()].map((shipper) => shipper.close(logFlushMs)))
    if (ports.server !== undefined) host.serverPorts.delete(ports.server)
    if (ports.bridge !== undefined) host.bridgePorts.delete(ports.bridge)
    await rm(directory, { recursive: true, force: true }).catch(() => undefined)
    times.stoppedAt = new Date()
    become('STOPPED')
    end()
  }

  const stop = (code: TaskStopCode, reason: string, before?: () => Promise<void>): void => {
    if (ending) return
    times.stopCode = code
    times.stoppedReason = reason
    times.stoppingAt = new Date()
    ending = finish(starting, before)
  }

  const starting = Promise.resolve().then(start)
  starting.catch((error: unknown) => stop('TaskFailedToStart', error instanceof Error ? error.message : String(error)))

  const health = (): 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY' => {
    const watched = containers.filter((container) => isEssential(container) && container.definition.healthCheck?.command)
    if (watched.some((container) => container.health === 'UNHEALTHY')) return 'UNHEALTHY'
    return watched.length > 0 && watched.every((container) => container.health === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN'
  }
  return {
    spec,
    times,
    status: () => status,
    health,
    portOf: (name, port) => (ports.wanted.bridge?.container === name && ports.wanted.bridge.port === port ? (ports.bridge ?? port) : port),
    describe: () => describeTask(spec, status, health(), times, containers),
    stop,
    kill: () => {
      for (const container of containers) container.process?.kill()
    },
    stopped,
  }
}
