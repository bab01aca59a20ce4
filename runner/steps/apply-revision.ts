import { beginApply } from '../../store/begin-apply.ts'
import { finishServer } from '../../store/finish-server.ts'
import { settleUnchanged } from '../../store/settle-unchanged.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { contractRun } from '../contract-run.ts'
import type { Course } from '../course.ts'
import { dropRawPlan } from '../drop-raw-plan.ts'
import { loadBalancerMode } from '../load-balancer-mode.ts'
import type { RunnerPorts, Verified } from '../ports.ts'
import type { RunContext } from '../run-context.ts'
import { adoptByPlan } from './adopt-orphans.ts'
import { stoppedProject } from './applied-project.ts'
import { applyPlan } from './apply-plan.ts'
import { chooseCourse } from './choose-course.ts'
import { type PreparedPlan, preparePlan } from './prepare-plan.ts'
import { holdPublishing, publish, publishHeld } from './publish.ts'
import { refuseMissingSecrets } from './refuse-missing-secrets.ts'
import { refuseWithoutRoom } from './refuse-without-room.ts'
import { synthesize } from './synthesize.ts'

/** Brings a server to the run's revision. */
export async function applyRevision(context: RunContext, ports: RunnerPorts): Promise<void> {
  const { report, store, current } = context
  const course = await chooseCourse(context)
  const project = await report.step('synth', 'The definition becomes Terraform', () =>
    context.definition ? synthesize(context, course) : stoppedProject(context),
  )
  await adoptByPlan(context, project)
  const prepared = await preparePlan(context, project, { destroy: false })
  if (!prepared.changes && course.settled) return settle(context, prepared)
  await Promise.all([
    refuseWithoutRoom(context, prepared.summary),
    course.endsAs === 'IN_SERVICE' ? refuseMissingSecrets(context) : undefined,
  ])
  const phase = course.keepMode ? ('expand' as const) : current.run.phase
  current.run = (
    await beginApply(store, { run: current.run, serverTo: course.serverTo, plan: prepared.saved, ...(phase && { phase }) })
  ).run
  // Between the apply and the publish of a mode switch nobody's snapshot may send calls the new way.
  if (course.keepMode) await holdPublishing(context, () => bringToLife(context, ports, course, prepared, publishHeld))
  else await bringToLife(context, ports, course, prepared, publish)
  const verified = course.endsAs === 'IN_SERVICE' ? await ports.verify(context) : undefined
  await finish(context, course, verified)
}

async function settle(context: RunContext, { saved }: PreparedPlan): Promise<void> {
  const { report, store, current } = context
  report.event('run.no-changes', 'Everything is as the definition says already')
  await Promise.all([report.flush(), dropRawPlan(context)])
  current.run = await settleUnchanged(store, { run: current.run, plan: saved, patch: appliedFacts(context) })
}

/** Applies, waits for the tasks, and only then lets calls come to them by another route. */
async function bringToLife(
  context: RunContext,
  ports: RunnerPorts,
  course: Course,
  prepared: PreparedPlan,
  goLive: (context: RunContext) => Promise<void>,
): Promise<void> {
  const { report, store, current } = context
  if (prepared.changes) await applyPlan(context, prepared.saved)
  const publishes = needsPublishing(context, course, prepared)
  if (!publishes) current.run = await transitionRun(store, current.run, 'VERIFYING')
  await report.step('steady', 'The service reaches its steady state', () => ports.settle(context))
  if (!publishes) return
  current.run = await transitionRun(store, current.run, 'PUBLISHING')
  await report.step('publish', 'The routes go live', () => goLive(context))
  current.run = await transitionRun(store, current.run, 'VERIFYING')
}

/** Routes of its own came, changed or went, now or in a run that may have died before it published them. */
function needsPublishing(context: RunContext, { settled }: Course, { summary }: PreparedPlan): boolean {
  if (summary.changes.some(({ address }) => address.startsWith('aws_api_gateway_'))) return true
  const unproven = !settled && (context.server.status === 'FAILED' || context.server.status === 'CREATING')
  return unproven && (loadBalancerMode(context) === 'dedicated' || context.server.appliedMode === 'dedicated')
}

async function finish(context: RunContext, { endsAs, keepMode }: Course, verified: Verified | undefined): Promise<void> {
  const { report, store, server, current } = context
  const message = verified ? `${server.name} is in service at ${verified.endpoint}` : `${server.name} is stopped: no task of it runs`
  report.event('run.succeeded', message, verified ? { endpoint: verified.endpoint } : {})
  await Promise.all([report.flush(), dropRawPlan(context)])
  const then = keepMode && contractRun(current.run, keepMode)
  const patch = { ...verified, ...appliedFacts(context) }
  current.run = (await finishServer(store, { run: current.run, to: endsAs, patch, ...(then && { then }) })).run
}

/** What the server is from now on: who may call it changes with what they call. */
const appliedFacts = (context: RunContext) => ({
  appliedMode: loadBalancerMode(context) ?? context.server.appliedMode,
  ...(context.definition && { groups: context.definition.groups }),
})
