import type { SavedPlan } from '../../schema/run.ts'
import type { Project } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { initialize } from './initialize.ts'
import { makePlan } from './make-plan.ts'
import { saveArtifact } from './save-artifact.ts'
import { type PlanSummary, summarize } from './summarize.ts'

const nothing: PlanSummary = { changes: [], counts: { create: 0, update: 0, delete: 0, replace: 0 } }
const mostChangesInEvent = 100

export interface PreparedPlan {
  readonly saved: SavedPlan
  readonly summary: PlanSummary
  /** False where Terraform has nothing to do. */
  readonly changes: boolean
}

const sentence = ({ create, update, replace, delete: remove }: SavedPlan['counts']): string =>
  `Plan: ${create} to create, ${update} to update, ${replace} to replace, ${remove} to delete`

/** init, plan, summary and the artifact that an apply will open. */
export async function preparePlan(context: RunContext, project: Project, options: { destroy: boolean }): Promise<PreparedPlan> {
  const { report } = context
  await report.step('init', 'Terraform gets its provider and backend', () => initialize(context, project, { locked: false }))
  const plan = await report.step('plan', 'Terraform plans', () => makePlan(context, project, options))
  const summary = plan.changes ? await report.step('summarize', 'The plan is summarized', () => summarize(context, project)) : nothing
  const saved = await report.step('save', 'The plan is saved', () => saveArtifact(context, project, plan, summary))
  const changes = summary.changes.slice(0, mostChangesInEvent)
  report.event('plan.made', sentence(summary.counts), { counts: summary.counts, changes, artifactSha256: saved.artifactSha256 })
  return { saved, summary, changes: plan.changes }
}
