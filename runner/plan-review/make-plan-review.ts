import { diffValues } from '../../schema/diff-values.ts'
import type { PlanCounts, PlannedAction, PlannedChange, PlanReview } from '../../schema/plan-review.ts'
import { plannedAction } from '../../schema/planned-action.ts'
import type { PriceFile } from '../../schema/price-file.ts'
import { type Cover, createCover } from './cover.ts'
import { coverReview } from './cover-review.ts'
import { explainChange } from './explain-change.ts'
import { findRisks } from './find-risks.ts'
import { listAttributes } from './list-attributes.ts'
import { monthlyCost } from './monthly-cost.ts'
import { secretValues } from './secret-values.ts'
import type { ShownPlan } from './shown-plan.ts'

/** A revision as its caller sent it. */
export interface SentRevision {
  readonly definition: Readonly<Record<string, unknown>>
  readonly enabled: boolean
}

export interface PlanReviewInput {
  readonly run: Pick<PlanReview, 'serverId' | 'revision' | 'type'> & { readonly id: string }
  readonly serverName: string
  readonly planSha256: string
  /** `terraform show -json <plan>`, parsed. */
  readonly shown: ShownPlan
  /** The revision last applied; absent before the first apply of a server. */
  readonly previous?: SentRevision
  readonly next: SentRevision
  readonly tools?: readonly string[]
  /** Security groups of the platform that servers are meant to admit. */
  readonly platformSecurityGroups: readonly string[]
  readonly prices: PriceFile
  /** What the platform team's rules say. */
  readonly policy: PlanReview['policy']
  /** The gate: why this plan waits for a person. */
  readonly holdOf: (plan: Pick<PlanReview, 'counts' | 'changes' | 'risks'>) => PlanReview['hold']
}

/** A plan as people read it: everything in it that is secret or has a credential's shape is covered. */
export function makePlanReview(input: PlanReviewInput): PlanReview {
  const { run, shown, previous, next } = input
  const cover = createCover(secretValues(shown))
  const changes = plannedChanges(shown, cover)
  const risks = findRisks(shown, { first: previous === undefined, platformSecurityGroups: input.platformSecurityGroups })
  const counts = countActions(changes)
  const review: PlanReview = {
    format: 1,
    runId: run.id,
    serverId: run.serverId,
    serverName: input.serverName,
    revision: run.revision,
    type: run.type,
    planSha256: input.planSha256,
    counts,
    changes,
    risks,
    cost: monthlyCost(shown, input.prices),
    definition: diffValues(previous ? fields(previous) : {}, fields(next)),
    ...(input.tools && { tools: [...input.tools] }),
    policy: [...input.policy],
    hold: input.holdOf({ counts, changes, risks }),
  }
  return coverReview(review, cover)
}

const fields = ({ definition, enabled }: SentRevision) => ({ ...definition, enabled })

function plannedChanges(shown: ShownPlan, cover: Cover): PlannedChange[] {
  const configured = new Map(
    shown.configuration?.root_module?.resources?.map(({ address, expressions }) => [address, new Set(Object.keys(expressions ?? {}))]),
  )
  return (shown.resource_changes ?? []).flatMap((change): PlannedChange[] => {
    const action = plannedAction(change)
    if (!action) return []
    const { address, type, deposed } = change
    const why = explainChange(change, action)
    const attributes = listAttributes(change, configured.get(address), cover)
    return [{ address: deposed ? `${address} (deposed ${deposed})` : address, type, action, ...(why && { why }), attributes }]
  })
}

function countActions(changes: readonly { readonly action: PlannedAction }[]): PlanCounts {
  const count = (action: PlannedAction): number => changes.filter((change) => change.action === action).length
  return { create: count('create'), update: count('update'), replace: count('replace'), delete: count('delete'), import: count('import') }
}
