import type { Deployment, ServiceEvent, Task } from '@aws-sdk/client-ecs'
import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'

/** What really runs of one service; laid over the emulator's answer to DescribeServices. */
export interface ServiceFacts {
  readonly runningCount: number
  readonly pendingCount: number
  /** Tasks on their way out; a deleted service is DRAINING as long as there are any. */
  readonly stoppingCount?: number
  /** Newest first. They take the place of the emulator's, whose own fields they keep; none: the emulator's stand. */
  readonly deployments: readonly DeploymentFacts[]
  /** Newest first, as ECS lists them. */
  readonly events: readonly ServiceEvent[]
}

export type DeploymentFacts = Pick<Deployment, 'taskDefinition'> &
  Partial<
    Pick<
      Deployment,
      | 'id'
      | 'status'
      | 'desiredCount'
      | 'runningCount'
      | 'pendingCount'
      | 'failedTasks'
      | 'rolloutState'
      | 'rolloutStateReason'
      | 'createdAt'
      | 'updatedAt'
    >
  >

interface TaskFilter {
  /** Absent: every service of the cluster, and tasks of none. */
  readonly serviceName?: string
  readonly family?: string
  /** ECS's default is RUNNING, which lists what shall run, PENDING tasks included. */
  readonly desiredStatus: 'RUNNING' | 'PENDING' | 'STOPPED'
}

/**
 * What the ECS agent knows and the emulator only pretends; the front answers ECS and ELBv2 questions from it.
 * Every method may be called at any time, also while the agent starts, and answers from memory.
 * A cluster is given by its short name, a task by its ARN; undefined means "not mine": the emulator's answer stands.
 */
export interface ServiceTruth {
  service(cluster: string, serviceName: string): ServiceFacts | undefined
  /** ARNs. Stopped tasks stay listed for as long as the agent remembers them (an hour in AWS). */
  listTasks(cluster: string, filter: TaskFilter): readonly string[] | undefined
  /** With containers' exitCode and reason, stoppedReason and stopCode; dates as Date. */
  describeTask(cluster: string, taskArn: string): Task | undefined
  /** Every target the agent has in the group, draining ones included. */
  targetHealth(targetGroupArn: string): readonly TargetHealthDescription[] | undefined
}
