import { GantryError } from '../../schema/error-code.ts'
import type { Review } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { isTerminal } from '../../schema/run-status.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { ApiPorts } from '../ports.ts'
import type { ReviewState } from '../review/review-provider.ts'
import { auditReview } from './audit-review.ts'
import { approve, endWaiting } from './review-run.ts'

export interface Decision {
  readonly run: Run
  readonly review: Review
  readonly state: ReviewState
}

type Merged = Extract<ReviewState, { kind: 'merged' }>

/** Does what people decided in the review repository; returns what to answer where that cannot be done. */
export async function decideByReview(ports: ApiPorts, decision: Decision): Promise<string | undefined> {
  const { run, review, state } = decision
  if (isTerminal(run.status)) return answerLate(ports, decision)
  if (run.status !== 'AWAITING_REVIEW' || run.approval || state.kind === 'open') return undefined
  if (state.kind === 'merged') return decideMerge(ports, decision, state)
  const closedBy = state.kind === 'closed' ? state.by : undefined
  const reason =
    state.kind === 'closed'
      ? `Its pull request was closed${closedBy ? ` by ${closedBy}` : ''}.`
      : `Its pull request is not what was planned: ${state.what}`
  const actor = closedBy ?? `${review.provider}:unknown`
  await decide(ports, decision, actor, () => endWaiting(ports, run, 'DISCARDED', reason))
  return undefined
}

async function decideMerge(ports: ApiPorts, decision: Decision, state: Merged): Promise<string | undefined> {
  const { run, review } = decision
  if (review.proposed && !review.planShown)
    return `This was merged before its plan was there, so the merge approves nothing. Read the plan of run ${run.id}, then approve or discard it (POST /runs/${run.id}/approve or /discard).`
  const { review: settings } = await ports.contract()
  if (settings.fourEyes && !hasFourEyes(review, state))
    return `Nothing is applied by this merge alone: this platform asks for four eyes, and it does not prove them. On GitHub somebody who is not the merger approves the pull request; anywhere, approve the run itself (POST /runs/${run.id}/approve). Until then run ${run.id} waits.`
  const { by, commit } = state
  await decide(ports, decision, by, () => approve(ports, run, { by, via: review.provider, commit }))
  return undefined
}

/** Two accounts of GitHub agree, so that one of them did not propose it; who merged in plain Git, nobody vouches for. */
const hasFourEyes = (review: Review, state: Merged): boolean =>
  review.provider === 'github' && state.reviewers.some((reviewer) => reviewer !== state.by)

/** Acts, with an entry in the audit before and after. Where somebody else was faster, theirs is the decision. */
async function decide(ports: ApiPorts, decision: Decision, actor: string, act: () => Promise<unknown>): Promise<void> {
  const record = await auditReview(ports, decision, actor)
  try {
    await act()
    await record({ outcome: 'done' })
  } catch (error) {
    const code = error instanceof GantryError ? error.code : 'INTERNAL'
    await record(code === 'WRONG_STATUS' ? { outcome: 'refused', code } : { outcome: 'failed', code })
    if (code !== 'WRONG_STATUS') throw error
  }
}

/** What is said of a decision on a run that has ended. */
async function answerLate(ports: ApiPorts, { run, review, state }: Decision): Promise<string | undefined> {
  if (state.kind === 'open')
    return review.ended && !review.proposed
      ? `Run ${run.id} is ${run.status}, and stays it: a plan that has ended is not applied. Start a new run (POST /servers/${run.serverId}/runs {"type":"apply"}).`
      : undefined
  if (state.kind !== 'merged' || run.approval || run.status === 'NO_CHANGES' || (await isTakenOn(ports, run))) return undefined
  return `Nothing was applied by this merge: run ${run.id} is ${run.status}. Start a new run (POST /servers/${run.serverId}/runs {"type":"apply"}), or send the change again.`
}

/** A newer commit of the same proposal has a run of its own, and it is that one which the merge is about. */
async function isTakenOn(ports: ApiPorts, run: Run): Promise<boolean> {
  const server = run.proposal && run.status === 'SUPERSEDED' ? await readServer(ports.store, run.serverId) : undefined
  const newest = server && (await readRun(ports.store, server.lastRunId))
  return newest !== undefined && newest.id !== run.id && newest.proposal?.branch === run.proposal?.branch
}
