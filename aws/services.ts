import { DescribeServicesCommand, DescribeTasksCommand, type ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs'
import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'

export interface ServiceFacts {
  readonly status: string
  readonly taskDefinition: string
  readonly desired: number
  readonly running: number
  readonly pending: number
  readonly deployments: readonly DeploymentFacts[]
  readonly targetGroupArns: readonly string[]
  /** Newest first, as ECS words them. */
  readonly events: readonly string[]
}

export interface DeploymentFacts {
  readonly id: string
  readonly primary: boolean
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | undefined
  readonly reason: string | undefined
  readonly taskDefinition: string
}

/** What ECS says about a service, or undefined where it has none of that name. */
export async function readService(ecs: ECSClient, cluster: string, service: string): Promise<ServiceFacts | undefined> {
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }))
  const found = services.find(({ status }) => status !== 'INACTIVE')
  if (!found) return undefined
  return {
    status: found.status ?? '',
    taskDefinition: found.taskDefinition ?? '',
    desired: found.desiredCount ?? 0,
    running: found.runningCount ?? 0,
    pending: found.pendingCount ?? 0,
    deployments: (found.deployments ?? []).map((deployment) => ({
      id: deployment.id ?? '',
      primary: deployment.status === 'PRIMARY',
      rolloutState: deployment.rolloutState,
      reason: deployment.rolloutStateReason,
      taskDefinition: deployment.taskDefinition ?? '',
    })),
    targetGroupArns: (found.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
    events: (found.events ?? []).flatMap(({ message }) => message ?? []),
  }
}

export interface StoppedTask {
  readonly taskId: string
  readonly taskDefinition: string
  /** AWS's code: `EssentialContainerExited`, `TaskFailedToStart`, `ServiceSchedulerInitiated`, … */
  readonly stopCode: string
  readonly reason: string
  readonly stoppedAt: Date | undefined
  readonly containers: readonly { readonly name: string; readonly exitCode: number | undefined; readonly reason: string | undefined }[]
}

const stoppedTask = (task: Task): StoppedTask => ({
  taskId: task.taskArn?.split('/').at(-1) ?? '',
  taskDefinition: task.taskDefinitionArn ?? '',
  stopCode: task.stopCode ?? '',
  reason: task.stoppedReason ?? '',
  stoppedAt: task.stoppedAt,
  containers: (task.containers ?? []).map(({ name, exitCode, reason }) => ({ name: name ?? '', exitCode, reason })),
})

/** The service's tasks that ECS still remembers as stopped (about an hour). */
export async function readStoppedTasks(ecs: ECSClient, cluster: string, service: string): Promise<StoppedTask[]> {
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster, serviceName: service, desiredStatus: 'STOPPED', maxResults: 100 }),
  )
  if (taskArns.length === 0) return []
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))
  return tasks.map(stoppedTask)
}

export interface TargetHealth {
  readonly target: string
  /** `healthy`, `initial`, `unhealthy`, `draining`, … */
  readonly state: string
  readonly description: string
}

export async function readTargetHealth(loadBalancing: ElasticLoadBalancingV2Client, targetGroupArn: string): Promise<TargetHealth[]> {
  const { TargetHealthDescriptions: all = [] } = await loadBalancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  )
  return all.map(({ Target, TargetHealth }) => ({
    target: `${Target?.Id ?? ''}:${Target?.Port ?? ''}`,
    state: TargetHealth?.State ?? '',
    description: TargetHealth?.Description ?? TargetHealth?.Reason ?? '',
  }))
}
