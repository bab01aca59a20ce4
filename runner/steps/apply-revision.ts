import type { SavedPlan } from '../../schema/run.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { finishServer } from '../../store/finish-server.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { contractRun } from '../contract-run.ts'
import type { Course } from '../course.ts'
import { dropRawPlan } from '../drop-raw-plan.ts'
import { appliedFacts, loadBalancerMode } from '../load-balancer-mode.ts'
import type { RunnerPorts, Verified } from '../ports.ts'
import type { RunContext } from '../run-context.ts'
import { applyPlan } from './apply-plan.ts'
import { awaitReview } from './await-review.ts'
import { chooseCourse } from './choose-course.ts'
import { planRevision, settle } from './plan-revision.ts'
import { holdPublishing, publish, publishHeld } from './publish.ts'
import { readReview } from './read-review.ts'
import { refuseMissingSecrets } from './refuse-missing-secrets.ts'
import { refuseWithoutRoom } from './refuse-without-room.ts'

/** Brings a server to the run's revision; where its plan waits for review, by two builds. */
export async function applyRevision(context: RunContext, ports: RunnerPorts): Promise<void> {
  const { plan, approval } = context.current.run
  if (approval && plan) {
    const [course, { changes }] = await Promise.all([chooseCourse(context), readReview(context)])
    await refuseHopeless(context, course, changes)
    return carryOut(context, ports, course, plan)
  }
  const planned = await planRevision(context)
  const { course, saved, review } = planned
  if (!saved.changes && course.settled) return settle(context, planned)
  if (review.hold.reasons.length > 0) return awaitReview(context, planned)
  await refuseHopeless(context, course, review.changes)
  await carryOut(context, ports, course, saved)
}

async function refuseHopeless(context: RunContext, course: Course, changes: Parameters<typeof refuseWithoutRoom>[1]): Promise<void> {
  await Promise.all([refuseWithoutRoom(context, changes), course.endsAs === 'IN_SERVICE' ? refuseMissingSecrets(context) : undefined])
}

async function carryOut(context: RunContext, ports: RunnerPorts, course: Course, plan: SavedPlan): Promise<void> {
  const { store, current } = context
  const phase = course.keepMode ? ('expand' as const) : current.run.phase
  current.run = (await beginApply(store, { run: current.run, serverTo: course.serverTo, plan, ...(phase && { phase }) })).run
  // Between the apply and the publish of a mode switch nobody's snapshot may send calls the new way.
  if (course.keepMode) await holdPublishing(context, () => bringToLife(context, ports, course, plan, publishHeld))
  else await bringToLife(context, ports, course, plan, publish)
  const verified = course.endsAs === 'IN_SERVICE' ? await ports.verify(context) : undefined
  await finish(context, course, verified)
}

/** Applies, waits for the tasks, and only then lets calls come to them by another route. */
async function bringToLife(
  context: RunContext,
  ports: RunnerPorts,
  course: Course,
  plan: SavedPlan,
  goLive: (context: RunContext) => Promise<void>,
): Promise<void> {
  const { report, store, current } = context
  if (plan.changes) await applyPlan(context, plan)
  const publishes = needsPublishing(context, course, plan)
  if (!publishes) current.run = await transitionRun(store, current.run, 'VERIFYING')
  await report.step('steady', 'The service reaches its steady state', () => ports.settle(context))
  if (!publishes) return
  current.run = await transitionRun(store, current.run, 'PUBLISHING')
  await report.step('publish', 'The routes go live', () => goLive(context))
  current.run = await transitionRun(store, current.run, 'VERIFYING')
}

/** Routes of its own came, changed or went, now or in a run that may have died before it published them. */
function needsPublishing(context: RunContext, { settled }: Course, { routes }: SavedPlan): boolean {
  if (routes) return true
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
