import { randomBytes } from 'node:crypto'
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import type { ServiceFacts } from '../front/service-truth.ts'
import type { Addresses } from './addresses.ts'
import { failureThreshold, startDelayMs } from './circuit-breaker.ts'
import { deploymentFacts, newDeployment, type ServiceDeployment, settle } from './deployment.ts'
import { createEventList } from './event-list.ts'
import { planService } from './plan-service.ts'
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

/** One service as it really runs. */
export interface ServiceRunner {
  /** Brings the tasks nearer to the record; undefined when the record is gone. */
  reconcile(record: Service | undefined): Promise<void>
  facts(): ServiceFacts
  tasks(): readonly RunningTask[]
  /** Nothing runs, nothing is left to do. */
  idle(): boolean
}

interface Member {
  readonly task: RunningTask
  deployment: ServiceDeployment
  registered: boolean
  /** The scheduler wanted it to end. */
  wanted: boolean
}

const rememberStoppedMs = 3_600_000
/** A task that served this long was not a failed start. */
const goodLifeMs = 60_000

/** What makes a new deployment: another task definition, other target groups, or one that was forced. */
const recordKey = (record: Service): string =>
  JSON.stringify([
    record.taskDefinition,
    record.deployments?.[0]?.id,
    record.loadBalancers?.map(({ targetGroupArn }) => targetGroupArn).sort(),
  ])

export function createServiceRunner(first: Service, around: ServiceSurroundings): ServiceRunner {
  const name = first.serviceName ?? ''
  const events = createEventList(name)
  let deployments: ServiceDeployment[] = []
  let members: Member[] = []
  let record = first
  let abandonedKey: string | undefined
  let steady = false
  let swept = false

  const live = (): Member[] => members.filter(({ task }) => task.times.stoppingAt === undefined)
  const primary = (): ServiceDeployment | undefined => deployments.find((deployment) => deployment.status === 'PRIMARY')
  const balanced = (): boolean => (record.loadBalancers ?? []).some((one) => one.targetGroupArn)

  const isHealthy = ({ task }: Member): boolean => {
    if (task.status() !== 'RUNNING' || task.health() === 'UNHEALTHY') return false
    const watched = (task.spec.definition.containerDefinitions ?? []).some(
      (container) => container.essential !== false && container.healthCheck?.command,
    )
    return (!watched || task.health() === 'HEALTHY') && (!balanced() || around.targets.stateOf(task.spec.id) === 'healthy')
  }

  const counts = (deployment: ServiceDeployment) => {
    const mine = live().filter((member) => member.deployment === deployment)
    const running = mine.filter(({ task }) => task.status() === 'RUNNING').length
    return { desired: deployment.status === 'PRIMARY' ? (record.desiredCount ?? 0) : 0, running, pending: mine.length - running }
  }

  const stopTask = (member: Member, code: 'ServiceSchedulerInitiated', reason: string): void => {
    member.wanted = true
    const before = (): Promise<void> => around.targets.deregister(member.task.spec.id)
    for (const { targetGroupArn } of member.registered ? (record.loadBalancers ?? []) : []) {
      events.add(`deregistered 1 targets in (target-group ${targetGroupArn})`)
    }
    member.task.stop(code, reason, before)
  }

  const failed = (deployment: ServiceDeployment, task: RunningTask): void => {
    deployment.failuresInRow += 1
    if (deployment.failuresInRow === 3) events.add('is unable to consistently start tasks successfully.')
    deployment.notBefore = Date.now() + startDelayMs(deployment.failuresInRow)
    setTimeout(around.nudge, startDelayMs(deployment.failuresInRow)).unref()
    if (deployment.rolloutState !== 'IN_PROGRESS') return
    deployment.failedTasks += 1
    events.add(`(task ${task.spec.id}) failed to start: ${task.times.stoppedReason}`)
    const breaker = record.deploymentConfiguration?.deploymentCircuitBreaker
    if (!breaker?.enable || deployment.failedTasks < failureThreshold(record.desiredCount ?? 1)) return
    settle(deployment, 'FAILED', 'ECS deployment circuit breaker: tasks failed to start.')
    events.add(`(deployment ${deployment.id}) deployment failed: tasks failed to start.`)
    if (breaker.rollback) rollBack(deployment)
  }

  const rollBack = (broken: ServiceDeployment): void => {
    const good = deployments.find((deployment) => deployment !== broken && deployment.rolloutState === 'COMPLETED')
    if (good === undefined) return
    abandonedKey = broken.key
    const next = newDeployment(good.key, good.taskDefinition, `ECS deployment circuit breaker: rolling back to deploymentId ${good.id}.`)
    for (const member of members) if (member.deployment === good) member.deployment = next
    broken.status = 'INACTIVE'
    deployments = [next, broken]
    events.add(`(deployment ${broken.id}) deployment circuit breaker: rolling back to deploymentId ${good.id}.`)
    around.rollBack(record, good.taskDefinition).catch(() => undefined)
  }

  const ended = (member: Member): void => {
    const { task, deployment } = member
    around.targets.deregister(task.spec.id).finally(() => around.addresses.free(task.spec.address))
    const lived = task.times.startedAt ? Date.now() - task.times.startedAt.getTime() : 0
    if (lived > goodLifeMs) deployment.failuresInRow = 0
    if (!member.wanted || task.times.stopCode === 'TaskFailedToStart') failed(deployment, task)
    setTimeout(() => {
      members = members.filter((other) => other !== member)
    }, rememberStoppedMs).unref()
    around.nudge()
  }

  const startTask = async (deployment: ServiceDeployment): Promise<void> => {
    const definition = await around.readTaskDefinition(deployment.taskDefinition)
    const id = randomBytes(16).toString('hex')
    const clusterArn = record.clusterArn ?? ''
    const spec = {
      id,
      arn: `${clusterArn.replace(':cluster/', ':task/')}/${id}`,
      clusterArn,
      group: `service:${name}`,
      startedBy: deployment.id,
      address: around.addresses.take(),
      definition,
    }
    const { refused } = around.host.isolation
    if (refused !== undefined) events.add(`runs its tasks without namespaces of their own, which this host refuses: ${refused}`)
    const task = runTask(spec, around.host, { changed: around.nudge, event: events.add })
    const member: Member = { task, deployment, registered: false, wanted: false }
    members.push(member)
    task.stopped.then(() => ended(member))
    events.add(`has started 1 tasks: (task ${id}).`)
  }

  const register = async (member: Member): Promise<void> => {
    if (member.registered || member.task.status() !== 'RUNNING') return
    for (const { targetGroupArn, containerName = '', containerPort = 0 } of record.loadBalancers ?? []) {
      if (targetGroupArn === undefined) continue
      await around.targets.register(
        member.task.spec.id,
        targetGroupArn,
        member.task.spec.address,
        member.task.portOf(containerName, containerPort),
      )
      events.add(`registered 1 targets in (target-group ${targetGroupArn})`)
    }
    member.registered = true
  }

  const replaceUnhealthy = (member: Member): void => {
    const { task } = member
    const age = task.times.startedAt ? (Date.now() - task.times.startedAt.getTime()) / 1000 : 0
    const grace = age < (record.healthCheckGracePeriodSeconds ?? 0)
    const group = around.targets.unhealthyGroup(task.spec.id)
    const why =
      task.health() === 'UNHEALTHY'
        ? 'Task failed container health checks'
        : group && `Task failed ELB health checks in (target-group ${group})`
    if (!why || grace) return
    stopTask(member, 'ServiceSchedulerInitiated', why)
    member.wanted = false
    events.add(`(task ${task.spec.id}) is unhealthy: ${why}`)
  }

  const follow = (): ServiceDeployment => {
    const key = recordKey(record)
    if (abandonedKey !== undefined && key !== abandonedKey) abandonedKey = undefined
    const current = primary()
    if (
      current &&
      (current.key === key || key === abandonedKey || (current.taskDefinition === record.taskDefinition && abandonedKey !== undefined))
    )
      return current
    if (current) {
      current.status = 'ACTIVE'
      current.updatedAt = new Date()
    }
    const next = newDeployment(key, record.taskDefinition ?? '')
    const running = new Set(live().map((member) => member.deployment))
    deployments = [next, ...deployments.filter((deployment) => running.has(deployment) || deployment === current)]
    steady = false
    return next
  }

  const concludeRollout = (deployment: ServiceDeployment): void => {
    const mine = live().filter((member) => member.deployment === deployment)
    const others = members.some((member) => member.deployment !== deployment && member.task.status() !== 'STOPPED')
    const done = mine.length === record.desiredCount && mine.every(isHealthy) && !others
    if (!done) {
      steady = false
      return
    }
    if (deployment.rolloutState === 'IN_PROGRESS') {
      settle(deployment, 'COMPLETED', `ECS deployment ${deployment.id} completed.`)
      deployment.failuresInRow = 0
      events.add(`(deployment ${deployment.id}) deployment completed.`)
      deployments = deployments.filter((other) => other === deployment || other.rolloutState === 'FAILED')
    }
    if (!steady) events.add('has reached a steady state.')
    steady = true
  }

  return {
    async reconcile(next) {
      record = next && next.status !== 'INACTIVE' ? next : { ...record, desiredCount: 0, status: 'INACTIVE' }
      const deployment = follow()
      if (!swept) {
        for (const { targetGroupArn } of record.loadBalancers ?? [])
          if (targetGroupArn) await around.targets.sweep(targetGroupArn).catch(() => undefined)
        swept = true
      }
      for (const member of live()) {
        await register(member).catch((error: Error) => events.add(`could not register a target: ${error.message}`))
        replaceUnhealthy(member)
      }
      const plan = planService({
        desiredCount: record.desiredCount ?? 0,
        minimumHealthyPercent: record.deploymentConfiguration?.minimumHealthyPercent ?? 100,
        maximumPercent: record.deploymentConfiguration?.maximumPercent ?? 200,
        tasks: live().map((member) => ({ id: member.task.spec.id, current: member.deployment === deployment, healthy: isHealthy(member) })),
        mayStart: deployment.rolloutState !== 'FAILED' && Date.now() >= deployment.notBefore,
      })
      for (const member of live().filter(({ task }) => plan.stop.includes(task.spec.id))) {
        stopTask(member, 'ServiceSchedulerInitiated', `Scaling activity initiated by (deployment ${deployment.id})`)
        events.add(`has stopped 1 running tasks: (task ${member.task.spec.id}).`)
      }
      for (let count = 0; count < plan.start; count++) {
        await startTask(deployment).catch((error: Error) => {
          deployment.notBefore = Date.now() + 1000
          events.add(`was unable to place a task: ${error.message}`)
        })
      }
      concludeRollout(deployment)
    },
    facts: () => {
      const all = deployments.map((deployment) => deploymentFacts(deployment, counts(deployment)))
      const sum = (key: 'runningCount' | 'pendingCount'): number => all.reduce((total, facts) => total + (facts[key] ?? 0), 0)
      const stoppingCount = members.filter(({ task }) => task.times.stoppingAt && task.status() !== 'STOPPED').length
      return {
        runningCount: sum('runningCount'),
        pendingCount: sum('pendingCount'),
        stoppingCount,
        deployments: all,
        events: events.list(),
      }
    },
    tasks: () => members.map(({ task }) => task),
    idle: () => members.every(({ task }) => task.status() === 'STOPPED'),
  }
}
