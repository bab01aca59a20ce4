import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { Approval } from '../../schema/review.ts'
import type { Run, SavedPlan } from '../../schema/run.ts'
import { refuseUnlessWaiting, approveRun as storeApproval } from '../../store/approve-run.ts'
import { endWaitingRun } from '../../store/end-waiting-run.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView } from '../views.ts'
import { dropPlan } from './drop-plan.ts'
import { getRun } from './get-run.ts'
import { startRun } from './start-run.ts'

/** Who decides, and how it reached us. */
export type Decider = Pick<Approval, 'by' | 'via' | 'commit'>

/**
 * Approves exactly the plan that a run waits with; `planSha256` is the plan that the caller has read. Throws NOT_FOUND,
 * WRONG_STATUS, CONFLICT where it is another plan, FORBIDDEN where four eyes are asked for and these are the proposer's.
 */
export async function approveRun(
  ports: ApiPorts,
  principal: Principal,
  { runId, planSha256 }: { runId: string; planSha256: string | undefined },
): Promise<RunView> {
  authorise(principal, 'run:review')
  const run = await getRun(ports, principal, runId)
  if (planSha256 !== undefined && planSha256 !== run.plan?.planSha256)
    throw new GantryError('CONFLICT', `Run ${runId} has the plan ${run.plan?.planSha256 ?? '(none yet)'}, not the one you have read.`)
  const { review } = await ports.contract()
  if (review.fourEyes && run.createdBy === principal.id) {
    const message = `You proposed run ${runId}, and this platform asks for four eyes: somebody else has to approve it.`
    throw new GantryError('FORBIDDEN', message)
  }
  const approved = await approve(ports, run, { by: principal.id, via: 'api' })
  await tellReviews(ports, runId)
  return runView(approved)
}

/** Notes the approval and starts the build that applies; where CodeBuild refuses for now, the sweep does. */
export async function approve(ports: ApiPorts, run: Run, decider: Decider): Promise<Run> {
  refuseUnlessWaiting(run, 'approved')
  if (!run.plan || !run.hold) throw new GantryError('INTERNAL', `Run ${run.id} waits without a plan.`)
  const now = ports.clock.now()
  if (now.getTime() >= Date.parse(run.hold.until))
    throw new GantryError('WRONG_STATUS', `Run ${run.id} cannot be approved: its plan expired at ${run.hold.until}. Start a new run.`)
  const approval: Approval = { ...decider, at: now.toISOString(), plan: approvedPlan(run, run.plan) }
  const approved = await storeApproval(ports.store, { run, approval })
  await startRun(ports, approved, 'api')
  return approved
}

/** Ends a waiting run; nothing of it is applied. Throws NOT_FOUND or WRONG_STATUS. */
export async function discardRun(ports: ApiPorts, principal: Principal, runId: string): Promise<RunView> {
  authorise(principal, 'run:review')
  const run = await getRun(ports, principal, runId)
  const discarded = await endWaiting(ports, run, 'DISCARDED', `${principal.id} discarded the plan.`)
  await tellReviews(ports, runId)
  return runView(discarded)
}

/** The run's pull request shows it sooner; the sweep does in any case. */
const tellReviews = async (ports: ApiPorts, runId: string): Promise<void> =>
  ports.onReviewChange?.().catch((error: unknown) => ports.log({ event: 'review.not-told', runId, error }))

/** Ends a waiting run with the reason, and removes what nobody can apply any more. */
export async function endWaiting(ports: ApiPorts, run: Run, to: 'DISCARDED' | 'EXPIRED', reason: string): Promise<Run> {
  const type = to === 'DISCARDED' ? 'run.discarded' : 'run.expired'
  const message = `${reason} Nothing was applied.`
  const { run: ended, serverGone } = await endWaitingRun(ports.store, { run, to, event: { writer: 'api', type, message } })
  await dropPlan(ports, run.id)
  if (serverGone) {
    const { platform } = await ports.contract()
    await ports.secrets.removeAll({ platform, serverId: run.serverId, uid: run.serverUid })
  }
  return ended
}

const approvedPlan = (run: Run, plan: SavedPlan): Approval['plan'] => ({
  planSha256: plan.planSha256,
  lockSha256: plan.lockSha256,
  contractSha256: plan.contractSha256,
  baseSerial: plan.baseSerial,
  lineage: plan.lineage,
  serverUid: run.serverUid,
  revision: run.revision,
  generation: plan.generation ?? -1,
})
