import type { DeploymentFacts } from '../front/service-truth.ts'

/** One attempt of a service to run one task definition. */
export interface ServiceDeployment {
  /** What the record said when it began: a change of it is a new deployment. */
  readonly key: string
  readonly id: string
  readonly taskDefinition: string
  readonly createdAt: Date
  updatedAt: Date
  status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE'
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'
  rolloutStateReason: string
  /** While it rolls out. */
  failedTasks: number
  failuresInRow: number
  notBefore: number
}

export function newDeployment(key: string, taskDefinition: string, why?: string): ServiceDeployment {
  const id = `ecs-svc/${Math.floor(Math.random() * 1e19)
    .toString()
    .padStart(19, '0')}`
  const now = new Date()
  return {
    key,
    id,
    taskDefinition,
    createdAt: now,
    updatedAt: now,
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: why ?? `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    failuresInRow: 0,
    notBefore: 0,
  }
}

export function settle(deployment: ServiceDeployment, state: 'COMPLETED' | 'FAILED', reason: string): void {
  deployment.rolloutState = state
  deployment.rolloutStateReason = reason
  deployment.updatedAt = new Date()
}

/** A deployment as DescribeServices shows it. */
export function deploymentFacts(
  deployment: ServiceDeployment,
  counts: { desired: number; running: number; pending: number },
): DeploymentFacts {
  const { taskDefinition, id, status, failedTasks, rolloutState, rolloutStateReason, createdAt, updatedAt } = deployment
  return {
    taskDefinition,
    id,
    status,
    failedTasks,
    rolloutState,
    rolloutStateReason,
    createdAt,
    updatedAt,
    desiredCount: counts.desired,
    runningCount: counts.running,
    pendingCount: counts.pending,
  }
}
