import type { Task } from '@aws-sdk/client-ecs'
import type { ContainerState } from './container-state.ts'
import type { TaskSpec, TaskStatus, TaskTimes } from './run-task.ts'

/** A task as DescribeTasks shows it. */
export function describeTask(
  spec: TaskSpec,
  status: TaskStatus,
  health: Task['healthStatus'],
  times: TaskTimes,
  containers: readonly ContainerState[],
): Task {
  return {
    taskArn: spec.arn,
    clusterArn: spec.clusterArn,
    taskDefinitionArn: spec.definition.taskDefinitionArn,
    group: spec.group,
    startedBy: spec.startedBy,
    launchType: 'FARGATE',
    lastStatus: status,
    desiredStatus: times.stoppingAt ? 'STOPPED' : 'RUNNING',
    healthStatus: health,
    cpu: spec.definition.cpu,
    memory: spec.definition.memory,
    ...times,
    attachments: [
      { id: spec.id, type: 'ElasticNetworkInterface', status: 'ATTACHED', details: [{ name: 'privateIPv4Address', value: spec.address }] },
    ],
    containers: containers.map(({ definition, status: lastStatus, health: healthStatus, exitCode, reason }) => ({
      containerArn: `${spec.arn.replace(':task/', ':container/')}/${definition.name}`,
      taskArn: spec.arn,
      name: definition.name,
      image: definition.image,
      lastStatus,
      healthStatus,
      ...(exitCode !== undefined && { exitCode }),
      ...(reason !== undefined && { reason }),
      networkInterfaces: [{ attachmentId: spec.id, privateIpv4Address: spec.address }],
    })),
  }
}
