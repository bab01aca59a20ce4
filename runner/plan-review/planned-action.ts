import type { PlannedAction } from '../../schema/plan-review.ts'
import type { ShownChange } from './shown-plan.ts'

/** What happens to a resource; none for a data source and for what stays as it is. */
export function plannedAction({ mode, change: { actions, importing } }: ShownChange): PlannedAction | undefined {
  if (mode !== 'managed') return undefined
  if (actions.includes('create') && actions.includes('delete')) return 'replace'
  const single = (['create', 'update', 'delete'] as const).find((action) => actions.includes(action))
  return single ?? (importing ? 'import' : undefined)
}
