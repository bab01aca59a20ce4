import { GantryError } from '../../schema/error-code.ts'
import type { Review } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { isTerminal } from '../../schema/run-status.ts'
import { putAudit } from '../../store/audit.ts'
import { noteOfRun } from '../audited.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import type { ReviewState } from '../review/review-provider.ts'
import { approve, endWaiting } from './review-run.ts'

export interface Decision {
  readonly run: Run
  readonly review: Review
  readonly state: ReviewState
}

/** Does what people decided in the review repository; returns what to answer where that cannot be done. */
export async function decideByReview(ports: ReconcilerPorts, decision: Decision): Promise<string | undefined> {
  const { run, review, state } = decision
  const waits = run.status === 'AWAITING_REVIEW' && !run.approval
  if (state.kind === 'merged' && !run.approval && isTerminal(run.status) && run.status !== 'NO_CHANGES')
    return `Nothing was applied by this merge: run ${run.id} is ${run.status}. Start a new run (POST /servers/${run.serverId}/runs {"type":"apply"}), or send the change again.`
  if (!waits || state.kind === 'open') return review.ended && state.kind === 'open' && !review.proposed ? stillEnded(run) : undefined
  if (state.kind === 'merged' && review.early)
    return `This was merged before its plan was there, so the merge approves nothing. Read the plan of run ${run.id}, then approve or discard it (POST /runs/${run.id}/approve).`
  try {
    if (state.kind === 'merged') return await approveMerge(ports, decision, state)
    const by = state.kind === 'closed' && state.by ? ` by ${state.by}` : ''
    const reason = state.kind === 'closed' ? `Its pull request was closed${by}.` : `Its pull request is not what was planned: ${state.what}`
    await endWaiting(ports, run, 'DISCARDED', reason)
    await record(ports, decision, (state.kind === 'closed' && state.by) || review.provider)
    return undefined
  } catch (error) {
    if (error instanceof GantryError && error.code === 'WRONG_STATUS') return error.message
    throw error
  }
}

const stillEnded = (run: Run): string =>
  `Run ${run.id} is ${run.status}, and stays it: a plan that has ended is not applied. Start a new run.`

async function approveMerge(
  ports: ReconcilerPorts,
  decision: Decision,
  state: Extract<ReviewState, { kind: 'merged' }>,
): Promise<string | undefined> {
  const { run, review } = decision
  const { review: settings } = await ports.contract()
  if (settings.fourEyes && !hasFourEyes(run, review, state)) {
    await endWaiting(ports, run, 'DISCARDED', `${state.by} merged it, and four eyes could not be proven.`)
    return `Nothing was applied: this platform asks for four eyes, and this merge does not prove them. On GitHub somebody who is not the merger has to approve the pull request; otherwise approve the run itself (POST /runs/{id}/approve).`
  }
  await approve(ports, run, { by: state.by, via: review.provider, commit: state.commit })
  await record(ports, decision, state.by)
  return undefined
}

/** Two accounts of GitHub agree, so that one of them did not propose it; who merged in plain Git, nobody vouches for. */
function hasFourEyes(run: Run, review: Review, state: Extract<ReviewState, { kind: 'merged' }>): boolean {
  if (review.provider !== 'github') return false
  const others = state.reviewers.filter((reviewer) => reviewer !== state.by)
  return others.length > 0 || (run.createdBy.startsWith('github:') && run.createdBy !== state.by)
}

/** The audit of a decision that came by no call of the API. */
async function record(ports: ReconcilerPorts, { run, review, state }: Decision, actor: string): Promise<void> {
  await putAudit(ports.store, {
    format: 1,
    id: ports.newId(),
    at: ports.clock.now().toISOString(),
    action: 'run:review',
    outcome: 'done',
    actor,
    ...noteOfRun(run),
    method: state.kind === 'merged' ? 'MERGE' : 'CLOSE',
    path: `/${review.provider}/${review.branch}`,
    sourceIp: review.provider,
    requestId: state.kind === 'merged' ? state.commit : review.commit,
  })
}
