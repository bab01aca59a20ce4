import { settleUnchanged } from '../../store/settle-unchanged.ts'
import { transitionRun } from '../../store/transition-run.ts'
import type { Course } from '../course.ts'
import { dropRawPlan } from '../drop-raw-plan.ts'
import { appliedFacts } from '../load-balancer-mode.ts'
import type { RunContext } from '../run-context.ts'
import { adoptByPlan } from './adopt-orphans.ts'
import { stoppedProject } from './applied-project.ts'
import { chooseCourse } from './choose-course.ts'
import { type PreparedPlan, preparePlan } from './prepare-plan.ts'
import { synthesize } from './synthesize.ts'

export interface PlannedRevision extends PreparedPlan {
  readonly course: Course
}

/** What bringing the server to the run's revision would do. */
export async function planRevision(context: RunContext): Promise<PlannedRevision> {
  const course = await chooseCourse(context)
  const project = await context.report.step('synth', 'The definition becomes Terraform', () =>
    context.definition ? synthesize(context, course) : stoppedProject(context),
  )
  await adoptByPlan(context, project)
  return { course, ...(await preparePlan(context, project, { destroy: false })) }
}

/** A run that only plans: it says what an apply would do, and nobody can apply it. */
export async function speculate(context: RunContext): Promise<void> {
  const { report, store, current } = context
  const { saved } = await planRevision(context)
  if (!saved.changes) report.event('run.no-changes', 'Everything is as the definition says already')
  await Promise.all([report.flush(), dropRawPlan(context)])
  current.run = await transitionRun(store, current.run, saved.changes ? 'SUCCEEDED' : 'NO_CHANGES', { plan: saved })
}

/** Ends a run whose plan changes nothing of a server that works. */
export async function settle(context: RunContext, { saved }: PreparedPlan): Promise<void> {
  const { report, store, current } = context
  report.event('run.no-changes', 'Everything is as the definition says already')
  await Promise.all([report.flush(), dropRawPlan(context)])
  current.run = await settleUnchanged(store, { run: current.run, plan: saved, patch: appliedFacts(context) })
}
