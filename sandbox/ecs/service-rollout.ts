import type { Service } from '@aws-sdk/client-ecs'
import { failureThreshold, startDelayMs } from './circuit-breaker.ts'
import { newDeployment, type ServiceDeployment, settle } from './deployment.ts'
import type { EventList } from './event-list.ts'

/** What makes a new deployment: another task definition, other target groups, or one that was forced. */
const recordKey = (record: Service): string =>
  JSON.stringify([
    record.taskDefinition,
    record.deployments?.[0]?.id,
    record.loadBalancers?.map(({ targetGroupArn }) => targetGroupArn).sort(),
  ])

/** Where a circuit breaker leads back to. */
interface Rollback {
  readonly from: ServiceDeployment
  readonly to: ServiceDeployment
}

/** The deployments of one service, and how each one goes. */
export interface ServiceRollout {
  /** Newest first. */
  list(): readonly ServiceDeployment[]
  /** The deployment that the record asks for; a new one where it asks for something new. */
  follow(record: Service, running: ReadonlySet<ServiceDeployment>): ServiceDeployment
  /** A task of a deployment ended that should not have; how long to wait, and where to go back to if this was one too many. */
  failed(deployment: ServiceDeployment, record: Service, task: { id: string; reason: string }): { delayMs: number; rollback?: Rollback }
  /** Tells whether the deployment's tasks are all there, healthy and alone. */
  settled(deployment: ServiceDeployment, done: boolean): void
}

export function createRollout(events: EventList): ServiceRollout {
  let deployments: ServiceDeployment[] = []
  let abandonedKey: string | undefined
  let steady = false

  const rollBack = (broken: ServiceDeployment): Rollback | undefined => {
    const good = deployments.find((deployment) => deployment !== broken && deployment.rolloutState === 'COMPLETED')
    if (good === undefined) return undefined
    const why = `deployment circuit breaker: rolling back to deploymentId ${good.id}.`
    const next = newDeployment(good.key, good.taskDefinition, `ECS ${why}`)
    abandonedKey = broken.key
    broken.status = 'INACTIVE'
    deployments = [next, broken]
    events.add(`(deployment ${broken.id}) ${why}`)
    return { from: good, to: next }
  }

  return {
    list: () => deployments,
    follow(record, running) {
      const key = recordKey(record)
      if (key !== abandonedKey) abandonedKey = undefined
      const current = deployments.find((deployment) => deployment.status === 'PRIMARY')
      if (current && (current.key === key || key === abandonedKey)) return current
      if (current) {
        current.status = 'ACTIVE'
        current.updatedAt = new Date()
      }
      const next = newDeployment(key, record.taskDefinition ?? '')
      deployments = [next, ...deployments.filter((deployment) => running.has(deployment) || deployment === current)]
      steady = false
      return next
    },
    failed(deployment, record, task) {
      deployment.failuresInRow += 1
      if (deployment.failuresInRow === 3) events.add('is unable to consistently start tasks successfully.')
      const delayMs = startDelayMs(deployment.failuresInRow)
      deployment.notBefore = Date.now() + delayMs
      if (deployment.rolloutState !== 'IN_PROGRESS') return { delayMs }
      deployment.failedTasks += 1
      events.add(`(task ${task.id}) failed to start: ${task.reason}`)
      const breaker = record.deploymentConfiguration?.deploymentCircuitBreaker
      if (!breaker?.enable || deployment.failedTasks < failureThreshold(record.desiredCount ?? 1)) return { delayMs }
      settle(deployment, 'FAILED', 'ECS deployment circuit breaker: tasks failed to start.')
      events.add(`(deployment ${deployment.id}) deployment failed: tasks failed to start.`)
      const rollback = breaker.rollback ? rollBack(deployment) : undefined
      return { delayMs, ...(rollback && { rollback }) }
    },
    settled(deployment, done) {
      if (done && deployment.rolloutState === 'IN_PROGRESS') {
        settle(deployment, 'COMPLETED', `ECS deployment ${deployment.id} completed.`)
        deployment.failuresInRow = 0
        events.add(`(deployment ${deployment.id}) deployment completed.`)
        deployments = deployments.filter((other) => other === deployment || other.rolloutState === 'FAILED')
      }
      if (done && !steady) events.add('has reached a steady state.')
      steady = done
    },
  }
}
