import { ReviewPolicy } from '../schema/contract.ts'
import type { PlanReview } from '../schema/plan-review.ts'
import type { Proposal } from '../schema/review.ts'

/** What every change of a server replaces or takes away, and which holds no data and interrupts no call. */
const routine: readonly string[] = ['aws_ecs_task_definition', 'aws_appautoscaling_target', 'aws_appautoscaling_policy']

export interface GateInput {
  /** The platform's, and the definition's own where it has one. */
  readonly policies: readonly (ReviewPolicy | undefined)[]
  /** Nothing of the server was ever applied. */
  readonly firstCreation: boolean
  readonly proposal: Proposal | undefined
  readonly plan: Pick<PlanReview, 'type' | 'changes' | 'risks'>
}

/** The strictest policy that applies, and why a plan waits for a person under it; no reason: it need not. */
export function decideHold({ policies, firstCreation, proposal, plan }: GateInput): PlanReview['hold'] {
  const strictness = policies.map((policy) => (policy ? ReviewPolicy.options.indexOf(policy) : 0))
  const policy = ReviewPolicy.options[Math.max(...strictness)] ?? 'always'
  if (plan.changes.length === 0) return { policy, reasons: [] }
  if (proposal) return { policy, reasons: [`${proposal.by} proposed it in ${proposal.branch}: merging that decides`] }
  if (policy === 'always') return { policy, reasons: ['Every plan is reviewed here'] }
  if (policy === 'auto' || firstCreation || plan.type === 'delete') return { policy, reasons: [] }
  return { policy, reasons: [...destructions(plan), ...widenings(plan)] }
}

function destructions({ changes }: GateInput['plan']): string[] {
  const gone = changes.filter(({ action, type }) => (action === 'delete' || action === 'replace') && !routine.includes(type))
  return gone.map(({ address, action }) => `${address} is ${action === 'delete' ? 'destroyed' : 'replaced'}`)
}

const widenings = ({ risks }: GateInput['plan']): string[] =>
  risks.filter(({ kind }) => kind === 'iam-widening' || kind === 'exposure').map(({ message }) => message)
