import type { Service } from '@aws-sdk/client-ecs'
import type { ServiceFacts } from '../front/service-truth.ts'
import { deploymentFacts, type ServiceDeployment } from './deployment.ts'
import { createEventList } from './event-list.ts'
import { planService } from './plan-service.ts'
import type { RunningTask } from './run-task.ts'
import { createRollout } from './service-rollout.ts'
import { createServiceTasks, type Member, type ServiceSurroundings } from './service-tasks.ts'

/** One service as it really runs. */
export interface ServiceRunner {
  /** Brings the tasks nearer to the record; undefined when the record is gone. */
  reconcile(record: Service | undefined): Promise<void>
  facts(): ServiceFacts
  tasks(): readonly RunningTask[]
  /** Nothing runs, nothing is left to do. */
  idle(): boolean
}

/** A task that served this long was not a failed start. */
const goodLifeMs = 60_000

export function createServiceRunner(first: Service, around: ServiceSurroundings): ServiceRunner {
  const name = first.serviceName ?? ''
  const events = createEventList(name)
  const rollout = createRollout(events)
  let record = first
  let swept = false

  const ended = ({ task, deployment, wanted }: Member): void => {
    const { startedAt, stopCode, stoppedReason = '' } = task.times
    if (startedAt && Date.now() - startedAt.getTime() > goodLifeMs) deployment.failuresInRow = 0
    if (wanted && stopCode !== 'TaskFailedToStart') return
    const { delayMs, rollback } = rollout.failed(deployment, record, { id: task.spec.id, reason: stoppedReason })
    setTimeout(around.nudge, delayMs).unref()
    if (rollback === undefined) return
    for (const member of tasks.all()) if (member.deployment === rollback.from) member.deployment = rollback.to
    around.rollBack(record, rollback.to.taskDefinition).catch((error: Error) => events.add(`could not be rolled back: ${error.message}`))
  }
  const tasks = createServiceTasks(name, events, around, ended)

  const sweep = async (): Promise<void> => {
    if (swept) return
    for (const { targetGroupArn } of record.loadBalancers ?? []) if (targetGroupArn) await around.targets.sweep(targetGroupArn)
    swept = true
  }

  const scale = async (deployment: ServiceDeployment): Promise<void> => {
    const plan = planService({
      desiredCount: record.desiredCount ?? 0,
      minimumHealthyPercent: record.deploymentConfiguration?.minimumHealthyPercent ?? 100,
      maximumPercent: record.deploymentConfiguration?.maximumPercent ?? 200,
      tasks: tasks.live().map((member) => ({
        id: member.task.spec.id,
        current: member.deployment === deployment,
        healthy: tasks.isHealthy(record, member),
      })),
      mayStart: deployment.rolloutState !== 'FAILED' && Date.now() >= deployment.notBefore,
    })
    for (const member of tasks.live().filter(({ task }) => plan.stop.includes(task.spec.id))) {
      tasks.stop(member, `Scaling activity initiated by (deployment ${deployment.id})`)
      events.add(`has stopped 1 running tasks: (task ${member.task.spec.id}).`)
    }
    for (let count = 0; count < plan.start; count++) {
      await tasks.start(record, deployment).catch((error: Error) => {
        deployment.notBefore = Date.now() + 1000
        events.add(`was unable to place a task: ${error.message}`)
      })
    }
  }

  const isSettled = (deployment: ServiceDeployment): boolean => {
    const mine = tasks.live().filter((member) => member.deployment === deployment)
    const others = tasks.all().some((member) => member.deployment !== deployment && member.task.status() !== 'STOPPED')
    return mine.length === record.desiredCount && mine.every((member) => tasks.isHealthy(record, member)) && !others
  }

  const counts = (deployment: ServiceDeployment) => {
    const mine = tasks.live().filter((member) => member.deployment === deployment)
    const running = mine.filter(({ task }) => task.status() === 'RUNNING').length
    return { desired: deployment.status === 'PRIMARY' ? (record.desiredCount ?? 0) : 0, running, pending: mine.length - running }
  }

  return {
    async reconcile(next) {
      record = next && next.status !== 'INACTIVE' ? next : { ...record, desiredCount: 0, status: 'INACTIVE' }
      const deployment = rollout.follow(record, new Set(tasks.live().map((member) => member.deployment)))
      await sweep().catch((error: Error) => events.add(`could not look at its targets: ${error.message}`))
      for (const member of tasks.live()) {
        await tasks.register(record, member).catch((error: Error) => events.add(`could not register a target: ${error.message}`))
        tasks.replaceUnhealthy(record, member)
      }
      await scale(deployment)
      rollout.settled(deployment, isSettled(deployment))
    },
    facts: () => {
      const deployments = rollout.list().map((deployment) => deploymentFacts(deployment, counts(deployment)))
      const live = tasks.live()
      const runningCount = live.filter(({ task }) => task.status() === 'RUNNING').length
      const stoppingCount = tasks.all().filter(({ task }) => task.times.stoppingAt && task.status() !== 'STOPPED').length
      return { runningCount, pendingCount: live.length - runningCount, stoppingCount, deployments, events: events.list() }
    },
    tasks: () => tasks.all().map(({ task }) => task),
    idle: () => tasks.all().every(({ task }) => task.status() === 'STOPPED'),
  }
}
