import type { ShownPlan } from '../../../runner/plan-review/shown-plan.ts'
import { recordedPlan } from './sample-plan.ts'

type Action = 'create' | 'update' | 'replace' | 'delete'
const actions = { create: ['create'], update: ['update'], replace: ['delete', 'create'], delete: ['delete'] }

/** The resources of a recorded server over and over, each as if all of it were created, changed or deleted. */
export function manyResources(count: number, action: Action): ShownPlan {
  const { resource_changes: recorded = [] } = recordedPlan('creation')
  const resource_changes = Array.from({ length: count }, (_, index) => {
    const one = recorded[index % recorded.length] as (typeof recorded)[number]
    const full = Object(one.change.after)
    const emptied = Object.fromEntries(
      Object.entries(full).map(([name, value]) => [name, typeof value === 'string' ? `${value}-before` : value]),
    )
    const before = action === 'create' ? null : emptied
    const after = action === 'delete' ? null : full
    return { ...one, address: `${one.address}_${index}`, change: { ...one.change, actions: actions[action], before, after } }
  })
  return { resource_changes }
}
