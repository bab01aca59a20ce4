import type { PlanReview } from '../../schema/plan-review.ts'
import type { SavedPlan } from '../../schema/run.ts'
import type { Project } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { initialize } from './initialize.ts'
import { makePlan } from './make-plan.ts'
import { reviewPlan } from './review-plan.ts'
import { saveArtifact } from './save-artifact.ts'

const mostChangesInEvent = 100

export interface PreparedPlan {
  readonly saved: SavedPlan
  readonly review: PlanReview
}

const sentence = ({ create, update, replace, delete: remove }: PlanReview['counts']): string =>
  `Plan: ${create} to create, ${update} to update, ${replace} to replace, ${remove} to delete`

/** init, plan, what people read of it, and the artifact that an apply will open. */
export async function preparePlan(context: RunContext, project: Project, options: { destroy: boolean }): Promise<PreparedPlan> {
  const { report } = context
  await report.step('init', 'Terraform gets its provider and backend', () => initialize(context, project, { locked: false }))
  const plan = await report.step('plan', 'Terraform plans', () => makePlan(context, project, options))
  const presented = await report.step('summarize', 'The plan is summarized', () => reviewPlan(context, project, plan))
  const { review } = presented
  const saved = await report.step('save', 'The plan is saved', () => saveArtifact(context, project, plan, presented))
  const changes = review.changes.slice(0, mostChangesInEvent).map(({ address, action }) => ({ address, action }))
  report.event('plan.made', sentence(review.counts), { counts: review.counts, changes, artifactSha256: saved.artifactSha256 })
  if (plan.changes) refuseDenied(review, report)
  return { saved, review }
}

/** A rule's deny cannot be approved away: the run ends, and its plan stays to be read. */
function refuseDenied({ policy, type }: PlanReview, report: RunContext['report']): void {
  const said = (level: 'deny' | 'warn') =>
    policy.filter((finding) => finding.level === level).map(({ rule, message }) => `${rule}: ${message}`)
  const [denied, warned] = [said('deny'), said('warn')]
  if (warned.length > 0) report.event('policy.warned', warned.join('; '), { warnings: warned })
  if (denied.length === 0 || type === 'plan') return
  throw new RunFailure('POLICY_DENIED', `The platform's rules deny this plan; nothing was applied. ${denied.join('; ')}`)
}
