import type { ShownChange, ShownPlan, ShownValues } from '../../../runner/plan-review/shown-plan.ts'
import type { PlannedAction } from '../../../schema/plan-review.ts'

const actions: Readonly<Record<PlannedAction | 'no-op', readonly string[]>> = {
  create: ['create'],
  update: ['update'],
  replace: ['delete', 'create'],
  delete: ['delete'],
  import: ['no-op'],
  'no-op': ['no-op'],
}

type Changed = ShownValues & Partial<Omit<ShownChange['change'], 'actions'>> & { readonly actions?: readonly string[] }

/** One resource of a plan, as Terraform would show it. */
export const shownChange = (type: string, action: PlannedAction | 'no-op', change: Changed = {}, name = 'x'): ShownChange => ({
  address: `${type}.${name}`,
  mode: 'managed',
  type,
  change: { actions: actions[action], ...(action === 'import' && { importing: { id: 'i-1' } }), ...change },
})

export const planOf = (...changes: ShownChange[]): ShownPlan => ({ resource_changes: changes })
