import { type ConfiguredResource, resourcesOf, type ShownModule, type ShownPlan } from '../../../runner/plan-review/shown-plan.ts'

/** Types whose values a review reads beyond their changes. */
const read = ['aws_appautoscaling_policy', 'aws_appautoscaling_target', 'aws_ecs_service', 'aws_ecs_task_definition', 'aws_lb']
const network = ['aws_security_group', 'aws_vpc_security_group_ingress_rule']

const trimModule = (module: ShownModule | undefined, types: readonly string[]): ShownModule => ({
  resources: resourcesOf(module)
    .filter(({ type }) => types.includes(type))
    .map(({ address, mode, type, values }) => ({ address, mode, type, values })),
})

function trimConfigured({ address, expressions = {} }: ConfiguredResource): ConfiguredResource {
  const kept = Object.entries(expressions).map(([name, value]) => [name, name === 'task_definition' ? value : {}])
  return { address, expressions: Object.fromEntries(kept) }
}

/** What a review reads of `terraform show -json`, and nothing else. */
export function trimPlan({ resource_changes: changes = [], ...shown }: ShownPlan): ShownPlan {
  return {
    resource_changes: changes.map(({ address, mode, type, action_reason, change }) =>
      change.actions.includes('no-op')
        ? { address, mode, type, change: { actions: change.actions } }
        : { address, mode, type, action_reason, change },
    ),
    prior_state: { values: { root_module: trimModule(shown.prior_state?.values?.root_module, [...read, ...network]) } },
    planned_values: { root_module: trimModule(shown.planned_values?.root_module, read) },
    configuration: { root_module: { resources: shown.configuration?.root_module?.resources?.map(trimConfigured) } },
  }
}
