import type { PlannedAction, PlanReview } from '../../schema/plan-review.ts'
import type { Run } from '../../schema/run.ts'

export interface ShownPlan {
  readonly resource_changes?: readonly ShownChange[]
}

interface ShownChange {
  readonly address: string
  readonly type: string
  readonly mode: string
  readonly change: { readonly actions: readonly string[]; readonly importing?: unknown }
}

export interface PlanReviewInput {
  readonly run: Pick<Run, 'id' | 'serverId' | 'revision' | 'type'>
  readonly serverName: string
  readonly planSha256: string
  readonly shown: ShownPlan
  readonly previous: unknown
  readonly next: unknown
  readonly tools: string[] | undefined
}

const actionOf = ({ change: { actions, importing } }: ShownChange): PlannedAction | undefined => {
  if (actions.includes('create') && actions.includes('delete')) return 'replace'
  const single = (['create', 'update', 'delete'] as const).find((action) => actions.includes(action))
  return single ?? (importing ? 'import' : undefined)
}

export function makePlanReview({ run, serverName, planSha256, shown }: PlanReviewInput): PlanReview {
  const changes = (shown.resource_changes ?? []).flatMap((change) => {
    const action = change.mode === 'managed' ? actionOf(change) : undefined
    return action ? [{ address: change.address, type: change.type, action, attributes: [] }] : []
  })
  const count = (action: PlannedAction): number => changes.filter((change) => change.action === action).length
  const counts = {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    replace: count('replace'),
    import: count('import'),
  }
  return {
    format: 1,
    runId: run.id,
    serverId: run.serverId,
    serverName,
    revision: run.revision,
    type: run.type,
    planSha256,
    counts,
    changes,
    risks: [],
    cost: { before: 0, after: 0, lines: [], prices: { date: '2026-01-01', source: 'none' } },
    definition: [],
    policy: [],
    hold: { policy: 'auto', reasons: [] },
  }
}
