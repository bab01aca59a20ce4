import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition/index.js'
import { Construct } from 'constructs'

export interface TaskDefinitionProps {
  readonly family: string
  readonly cpu: number
  readonly memoryMiB: number
  readonly architecture: 'ARM64' | 'X86_64'
  readonly executionRoleArn: string
  readonly taskRoleArn: string
  /** JSON text, made from a variable: it holds what users wrote. */
  readonly containerDefinitions: string
  readonly volumes: readonly string[]
}

/** What one task of a server is. */
export class TaskDefinition extends Construct {
  readonly arn: string

  constructor(scope: Construct, id: string, props: TaskDefinitionProps) {
    super(scope, id)
    const definition = new EcsTaskDefinition(this, 'task-definition', {
      family: props.family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(props.cpu),
      memory: String(props.memoryMiB),
      runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: props.architecture },
      executionRoleArn: props.executionRoleArn,
      taskRoleArn: props.taskRoleArn,
      containerDefinitions: props.containerDefinitions,
      // What a circuit breaker goes back to must still be there; a delete run removes the whole family.
      skipDestroy: true,
      volume: props.volumes.map((name) => ({ name })),
    })
    this.arn = definition.arn
  }
}
