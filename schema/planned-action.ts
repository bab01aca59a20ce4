import type { PlannedAction } from './plan-review.ts'

interface PlannedResource {
  readonly mode: string
  readonly change: { readonly actions: readonly string[]; readonly importing?: unknown }
}

/** What happens to a resource of `terraform show -json <plan>`; none for a data source and for what stays as it is. */
export function plannedAction({ mode, change: { actions, importing } }: PlannedResource): PlannedAction | undefined {
  if (mode !== 'managed') return undefined
  if (actions.includes('create') && actions.includes('delete')) return 'replace'
  const single = (['create', 'update', 'delete'] as const).find((action) => actions.includes(action))
  return single ?? (importing ? 'import' : undefined)
}
