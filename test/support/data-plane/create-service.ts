import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  type ContainerDefinition,
  CreateClusterCommand,
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  type Service,
} from '@aws-sdk/client-ecs'
import type { DataPlaneClients } from './clients.ts'

export const platformImage = 'platform@sha256:0'

/** A container as ServerStack makes it: platform image, read-only root, tmpfs, awslogs. */
export function serverContainer(logGroup: string, script: string, more: Partial<ContainerDefinition> = {}): ContainerDefinition {
  const environment = [{ name: 'HOME', value: '/tmp' }, { name: 'GANTRY_PORT', value: '8080' }, ...(more.environment ?? [])]
  return {
    name: 'server',
    image: platformImage,
    essential: true,
    command: ['/opt/gantry/node', '-e', script],
    readonlyRootFilesystem: true,
    stopTimeout: 2,
    linuxParameters: { initProcessEnabled: true, tmpfs: [{ containerPath: '/tmp', size: 64, mountOptions: ['mode=1777'] }] },
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': logGroup, 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': more.name ?? 'server' },
    },
    ...more,
    environment,
  }
}

export async function createCluster({ ecs, logs }: DataPlaneClients, of: { cluster: string; logGroup: string }): Promise<void> {
  await ecs.send(new CreateClusterCommand({ clusterName: of.cluster }))
  await logs.send(new CreateLogGroupCommand({ logGroupName: of.logGroup }))
}

export async function registerTask(
  { ecs }: DataPlaneClients,
  family: string,
  containerDefinitions: ContainerDefinition[],
  volumes: string[] = [],
): Promise<string> {
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions,
      volumes: volumes.map((name) => ({ name })),
    }),
  )
  return registered.taskDefinition?.taskDefinitionArn ?? ''
}

export async function createService(
  { ecs }: DataPlaneClients,
  service: { cluster: string; name: string; taskDefinition: string; desiredCount?: number; targetGroupArn?: string; container?: string },
): Promise<Service> {
  const created = await ecs.send(
    new CreateServiceCommand({
      cluster: service.cluster,
      serviceName: service.name,
      taskDefinition: service.taskDefinition,
      desiredCount: service.desiredCount ?? 1,
      launchType: 'FARGATE',
      loadBalancers: service.targetGroupArn
        ? [{ targetGroupArn: service.targetGroupArn, containerName: service.container ?? 'server', containerPort: 8080 }]
        : [],
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    }),
  )
  return created.service ?? {}
}
