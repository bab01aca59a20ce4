/** Where a field of the definition says what an attribute is; `path` as Terraform writes it. */
export interface Adoptable {
  readonly type: string
  readonly path: string
  /** Names of the definition's field, from the outside in. */
  readonly field: readonly string[]
}

const health = (path: string, name: string): Adoptable => ({
  type: 'aws_lb_target_group',
  path: `health_check[0].${path}`,
  field: ['loadBalancerConfig', 'healthCheckConfig', name],
})

/** docs/guides/drift.md shows the same table; tags come on top, by their names. */
export const adoptable: readonly Adoptable[] = [
  { type: 'aws_appautoscaling_target', path: 'min_capacity', field: ['autoScalingConfig', 'minCapacity'] },
  { type: 'aws_appautoscaling_target', path: 'max_capacity', field: ['autoScalingConfig', 'maxCapacity'] },
  {
    type: 'aws_appautoscaling_policy',
    path: 'target_tracking_scaling_policy_configuration[0].target_value',
    field: ['autoScalingConfig', 'targetValue'],
  },
  { type: 'aws_cloudwatch_log_group', path: 'retention_in_days', field: ['logRetentionDays'] },
  { type: 'aws_lb', path: 'idle_timeout', field: ['idleTimeoutSeconds'] },
  { type: 'aws_lb_target_group', path: 'stickiness[0].enabled', field: ['stickiness'] },
  health('path', 'path'),
  health('interval', 'interval'),
  health('timeout', 'timeout'),
  health('healthy_threshold', 'healthyThresholdCount'),
  health('unhealthy_threshold', 'unhealthyThresholdCount'),
]

/** The field that says what the attribute of a resource is; undefined where none does. */
export function fieldOf(type: string, segments: readonly (string | number)[], path: string): readonly string[] | undefined {
  const [attribute, name] = segments
  if (attribute === 'tags_all' && typeof name === 'string' && segments.length === 2) {
    return /^(?:aws|gantry):/i.test(name) ? undefined : ['tags', name]
  }
  return adoptable.find((entry) => entry.type === type && entry.path === path)?.field
}
