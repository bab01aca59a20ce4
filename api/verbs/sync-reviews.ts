import type { Review } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { isTerminal } from '../../schema/run-status.ts'
import { listReviews, putReview } from '../../store/reviews.ts'
import { readRun } from '../../store/runs.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { reviewPage } from '../review/review-page.ts'
import type { ReviewProvider, ReviewState } from '../review/review-provider.ts'
import { decideByReview } from './decide-by-review.ts'
import { digestOf, openReview, shownRun } from './open-review.ts'
import { syncProposals } from './sync-proposals.ts'

/**
 * Brings runs and their pull requests together: opens what is missing, takes every decision made there, shows where each run
 * stands, and plans what people propose. What fails (the other side is down) is left to the next time; one bad run does not
 * stop the rest.
 */
export async function syncReviews(ports: ReconcilerPorts, open: readonly Run[]): Promise<void> {
  const { review: provider } = ports
  if (!provider) return
  const attempt = (runId: string, work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => ports.log({ event: 'review.failed', runId, error }))
  const reviews = await listReviews(ports.store)
  const known = new Set(reviews.map(({ runId }) => runId))
  const unseen = open.filter(({ id, status, proposal }) => (status === 'AWAITING_REVIEW' || proposal) && !known.has(id))
  for (const run of unseen) await attempt(run.id, () => openReview(ports, provider, run))
  const states = reviews.length > 0 ? await provider.look(reviews) : new Map<string, ReviewState>()
  for (const review of reviews) await attempt(review.runId, () => syncReview(ports, provider, review, states.get(review.runId)))
  await syncProposals(ports, provider)
}

async function syncReview(ports: ReconcilerPorts, provider: ReviewProvider, kept: Review, state: ReviewState | undefined): Promise<void> {
  const run = await readRun(ports.store, kept.runId)
  if (!run) return
  const review = state?.kind === 'merged' && isUnplanned(run) ? { ...kept, early: true as const } : kept
  const refused = state && (await decideByReview(ports, { run, review, state }))
  if (refused) await provider.answer(review, refused)
  if (kept.ended) return
  const now = (await readRun(ports.store, run.id)) ?? run
  const page = reviewPage(await shownRun(ports, now))
  const shown = digestOf(page)
  const ended = isTerminal(now.status)
  if (shown === review.shown && !ended && review === kept) return
  if (ended) await provider.close(review, page)
  else await provider.show(review, page)
  await putReview(ports.store, { ...review, shown, ended, updatedAt: ports.clock.now().toISOString() })
}

const isUnplanned = ({ status }: Run): boolean => status === 'QUEUED' || status === 'PLANNING'
