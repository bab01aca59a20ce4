import { EcsService } from '@cdktf/provider-aws/lib/ecs-service/index.js'
import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'

/** A start may download the server's packages; until then its health says nothing. */
const graceSeconds = 120

/** `scaled`: autoscaling owns the count once the service is made; `fixed`: Terraform sets it. */
export type TaskCount = { readonly type: 'scaled' | 'fixed'; readonly tasks: number }

export interface ServiceProps {
  readonly name: string
  readonly clusterArn: string
  readonly taskDefinitionArn: string
  readonly count: TaskCount
  readonly subnetIds: string[]
  readonly securityGroupIds: string[]
  /** Every task is registered with each. */
  readonly targets: { readonly targetGroupArn: string; readonly containerName: string; readonly containerPort: number }[]
  /** The target group must hang on a load balancer first. */
  readonly dependsOn: ITerraformDependable[]
}

/** The tasks of one server, replaced one after the other; the runner waits for them, not Terraform. */
export class Service extends Construct {
  readonly name: string
  readonly resource: EcsService

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id)
    this.resource = new EcsService(this, 'service', {
      name: props.name,
      cluster: props.clusterArn,
      taskDefinition: props.taskDefinitionArn,
      launchType: 'FARGATE',
      desiredCount: props.count.tasks,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriodSeconds: graceSeconds,
      enableEcsManagedTags: true,
      propagateTags: 'SERVICE',
      waitForSteadyState: false,
      networkConfiguration: { subnets: props.subnetIds, securityGroups: props.securityGroupIds, assignPublicIp: false },
      loadBalancer: props.targets,
      dependsOn: props.dependsOn,
      ...(props.count.type === 'scaled' ? { lifecycle: { ignoreChanges: ['desired_count'] } } : {}),
    })
    this.name = this.resource.name
  }
}
