import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy/index.js'
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target/index.js'
import { Construct } from 'constructs'

/** What keeps `targetValue` where it should be. Text of a custom metric comes as variables. */
export type ScalingMetric =
  | { readonly type: 'cpu' }
  | { readonly type: 'memory' }
  | { readonly type: 'requests'; readonly resourceLabel: string }
  | { readonly type: 'custom'; readonly namespace: string; readonly metricName: string }

export interface AutoscalingProps {
  readonly name: string
  readonly clusterName: string
  readonly serviceName: string
  readonly minCapacity: number
  readonly maxCapacity: number
  readonly metric: ScalingMetric
  readonly targetValue: number
  readonly cooldownSeconds: number
}

/** How many tasks a service runs: always a scalable target, also 1..1, so that a later change moves numbers only. */
export class Autoscaling extends Construct {
  constructor(scope: Construct, id: string, props: AutoscalingProps) {
    super(scope, id)
    const target = new AppautoscalingTarget(this, 'target', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity: props.minCapacity,
      maxCapacity: props.maxCapacity,
    })
    if (props.maxCapacity === props.minCapacity) return
    new AppautoscalingPolicy(this, 'policy', {
      name: props.name,
      policyType: 'TargetTrackingScaling',
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: props.targetValue,
        scaleInCooldown: props.cooldownSeconds,
        scaleOutCooldown: props.cooldownSeconds,
        ...metricSpecification(props.metric),
      },
    })
  }
}

function metricSpecification(metric: ScalingMetric) {
  switch (metric.type) {
    case 'cpu':
      return { predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' } }
    case 'memory':
      return { predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageMemoryUtilization' } }
    case 'requests': {
      const { resourceLabel } = metric
      return { predefinedMetricSpecification: { predefinedMetricType: 'ALBRequestCountPerTarget', resourceLabel } }
    }
    case 'custom':
      return {
        customizedMetricSpecification: { metricName: metric.metricName, namespace: metric.namespace, statistic: 'Average' },
      }
  }
}
