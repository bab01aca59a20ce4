import { randomBytes } from 'node:crypto'
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import type { Addresses } from './addresses.ts'
import type { ServiceDeployment } from './deployment.ts'
import type { EventList } from './event-list.ts'
import { type RunningTask, runTask } from './run-task.ts'
import type { TargetRegistry } from './target-registry.ts'
import type { TaskHost } from './task-host.ts'

export interface ServiceSurroundings {
  readonly host: TaskHost
  readonly addresses: Addresses
  readonly targets: TargetRegistry
  readTaskDefinition(arn: string): Promise<TaskDefinition>
  /** Puts the record back to the task definition that a rollback runs. */
  rollBack(service: Service, taskDefinition: string): Promise<void>
  /** Something happened that the next reconcile must see. */
  nudge(): void
}

/** A task of a service, in the deployment that it counts for. */
export interface Member {
  readonly task: RunningTask
  deployment: ServiceDeployment
  registered: boolean
  /** The scheduler wanted it to end, and nothing was wrong with it. */
  wanted: boolean
}

const rememberStoppedMs = 3_600_000

/** The tasks of one service: started, registered, found unhealthy, ended. */
export function createServiceTasks(serviceName: string, events: EventList, around: ServiceSurroundings, onEnd: (member: Member) => void) {
  let members: Member[] = []

  const ended = (member: Member): void => {
    const { spec } = member.task
    around.targets.deregister(spec.id).finally(() => around.addresses.free(spec.address))
    setTimeout(() => {
      members = members.filter((other) => other !== member)
    }, rememberStoppedMs).unref()
    onEnd(member)
    around.nudge()
  }

  const stop = (member: Member, reason: string): void => {
    const { id } = member.task.spec
    for (const groupArn of around.targets.groupsOf(id)) events.add(`deregistered 1 targets in (target-group ${groupArn})`)
    member.wanted = true
    member.task.stop('ServiceSchedulerInitiated', reason, () => around.targets.deregister(id))
  }

  return {
    all: (): readonly Member[] => members,
    /** Those that are not on their way out. */
    live: (): Member[] => members.filter(({ task }) => task.times.stoppingAt === undefined),
    stop,
    async start(record: Service, deployment: ServiceDeployment): Promise<void> {
      const definition = await around.readTaskDefinition(deployment.taskDefinition)
      const { refused } = around.host.isolation
      if (refused !== undefined) events.add(`runs its tasks without namespaces of their own, which this host refuses: ${refused}`)
      const id = randomBytes(16).toString('hex')
      const clusterArn = record.clusterArn ?? ''
      const arn = `${clusterArn.replace(':cluster/', ':task/')}/${id}`
      const address = around.addresses.take()
      const spec = { id, arn, clusterArn, group: `service:${serviceName}`, startedBy: deployment.id, address, definition }
      const leaving = (): void => void around.targets.deregister(id)
      const task = runTask(spec, around.host, { changed: around.nudge, event: events.add, leaving })
      const member: Member = { task, deployment, registered: false, wanted: false }
      members.push(member)
      task.stopped.then(() => ended(member))
      events.add(`has started 1 tasks: (task ${id}).`)
    },
    /** Puts a running task behind its service's load balancers. */
    async register(record: Service, member: Member): Promise<void> {
      const { task } = member
      if (member.registered || task.status() !== 'RUNNING') return
      for (const { targetGroupArn, containerName = '', containerPort = 0 } of record.loadBalancers ?? []) {
        if (targetGroupArn === undefined) continue
        await around.targets.register(task.spec.id, targetGroupArn, task.spec.address, task.portOf(containerName, containerPort))
        events.add(`registered 1 targets in (target-group ${targetGroupArn})`)
      }
      member.registered = true
    },
    isHealthy(record: Service, { task }: Member): boolean {
      const essential = (task.spec.definition.containerDefinitions ?? []).filter((container) => container.essential !== false)
      const watched = essential.some((container) => container.healthCheck?.command)
      if (task.status() !== 'RUNNING' || (watched && task.health() !== 'HEALTHY')) return false
      const balanced = (record.loadBalancers ?? []).some(({ targetGroupArn }) => targetGroupArn)
      return !balanced || around.targets.stateOf(task.spec.id) === 'healthy'
    },
    /** Ends a task that its health checks gave up, unless its service gives it time. */
    replaceUnhealthy(record: Service, member: Member): void {
      const { task } = member
      const age = task.times.startedAt ? (Date.now() - task.times.startedAt.getTime()) / 1000 : 0
      if (age < (record.healthCheckGracePeriodSeconds ?? 0)) return
      const group = around.targets.unhealthyGroup(task.spec.id)
      const ofTarget = group && `Task failed ELB health checks in (target-group ${group})`
      const why = task.health() === 'UNHEALTHY' ? 'Task failed container health checks' : ofTarget
      if (!why) return
      stop(member, why)
      member.wanted = false
      events.add(`(task ${task.spec.id}) is unhealthy: ${why}`)
    },
  }
}
