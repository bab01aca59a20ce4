import {
  type ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling'
import { type ECSClient, ListTaskDefinitionsCommand, type TaskDefinitionStatus } from '@aws-sdk/client-ecs'
import { readService } from '../services.ts'
import type { FoundResource } from './found-resource.ts'

/** Task definitions of a family that are not deleted; `DELETE_IN_PROGRESS` counts as gone. */
export async function listTaskDefinitions(ecs: ECSClient, family: string): Promise<string[]> {
  const found: string[] = []
  for (const status of ['ACTIVE', 'INACTIVE'] satisfies TaskDefinitionStatus[]) {
    let nextToken: string | undefined
    do {
      const page = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: family, status, ...(nextToken ? { nextToken } : {}) }))
      // The prefix is the whole family name, yet emulators take it for a prefix.
      found.push(...(page.taskDefinitionArns ?? []).filter((arn) => arn.split('/').at(-1)?.split(':')[0] === family))
      nextToken = page.nextToken
    } while (nextToken)
  }
  return found
}

export async function findService(ecs: ECSClient, cluster: string, name: string): Promise<FoundResource[]> {
  const service = await readService(ecs, cluster, name)
  return service ? [{ type: 'aws_ecs_service', name, importId: `${cluster}/${name}` }] : []
}

export async function findTaskDefinitions(ecs: ECSClient, family: string): Promise<FoundResource[]> {
  const arns = await listTaskDefinitions(ecs, family)
  return arns.map((arn) => ({ type: 'aws_ecs_task_definition', name: arn.split('/').at(-1) ?? arn, importId: arn }))
}

export async function findScaling(scaling: ApplicationAutoScalingClient, cluster: string, service: string): Promise<FoundResource[]> {
  const resource = `service/${cluster}/${service}`
  const [{ ScalableTargets = [] }, { ScalingPolicies = [] }] = await Promise.all([
    scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', ResourceIds: [resource] })),
    scaling.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs', ResourceId: resource })),
  ])
  return [
    ...ScalableTargets.map((target) => ({
      type: 'aws_appautoscaling_target',
      name: resource,
      importId: `ecs/${resource}/${target.ScalableDimension}`,
    })),
    ...ScalingPolicies.map((policy) => ({
      type: 'aws_appautoscaling_policy',
      name: policy.PolicyName ?? '',
      importId: `ecs/${resource}/${policy.ScalableDimension}/${policy.PolicyName}`,
    })),
  ]
}
