import { GantryError } from '../../schema/error-code.ts'
import type { Review } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { listReviews } from '../../store/reviews.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import type { ReviewProvider, ReviewState } from '../review/review-provider.ts'
import { openReview } from './open-review.ts'
import { syncProposals } from './sync-proposals.ts'
import { syncReview } from './sync-review.ts'

type States = ReadonlyMap<string, ReviewState>

/**
 * Brings runs and their pull requests together: opens what is missing, takes every decision made there, shows where each run
 * stands, and plans what people propose. What fails (the other side is down) is left to the next time; one bad run does not
 * stop the rest.
 */
export async function syncReviews(ports: ReconcilerPorts, open: readonly Run[]): Promise<void> {
  const { review: provider } = ports
  if (!provider) return
  const attempt = <T>(subject: { runId?: string }, work: () => Promise<T>): Promise<T | undefined> =>
    work().catch((error: unknown) => {
      const raced = error instanceof GantryError && error.code === 'CONFLICT'
      if (!raced) ports.log({ event: 'review.failed', ...subject, error })
      return undefined
    })
  // Those of another repository, before the platform's was changed, are out of reach.
  const reviews = (await listReviews(ports.store)).filter((review) => review.provider === provider.name)
  const opened = await openMissing(ports, provider, open, reviews, attempt)
  const states: States = (reviews.length > 0 && (await attempt({}, () => provider.look(reviews)))) || new Map()
  const shown: Review[] = opened.filter(({ proposed }) => proposed)
  const sync = async (review: Review, seen: States): Promise<void> => {
    const { runId } = review
    const next = await attempt({ runId }, () => syncReview(ports, provider, review, seen.get(runId)))
    if (next && isToConfirm(review, next)) shown.push(next)
  }
  // A newer commit of a proposal supersedes the run of the older one; only where it does not, that run is ended here.
  const isMoved = ({ runId, proposed }: Review) => proposed && states.get(runId)?.kind === 'changed'
  for (const review of reviews) if (!isMoved(review)) await sync(review, states)
  await attempt({}, () => syncProposals(ports, provider))
  for (const review of reviews) if (isMoved(review)) await sync(review, states)
  // A merge from before the plan stood there is told from one after it by a look in between.
  const waiting = [...shown]
  const now = waiting.length > 0 ? await attempt({}, () => provider.look(waiting)) : undefined
  if (now) for (const review of waiting) await sync(review, now)
}

type Attempt = <T>(subject: { runId?: string }, work: () => Promise<T>) => Promise<T | undefined>

async function openMissing(
  ports: ReconcilerPorts,
  provider: ReviewProvider,
  open: readonly Run[],
  reviews: readonly Review[],
  attempt: Attempt,
): Promise<Review[]> {
  const known = new Set(reviews.map(({ runId }) => runId))
  const missing = open.filter(({ id, status, proposal }) => (status === 'AWAITING_REVIEW' || proposal) && !known.has(id))
  const opened: Review[] = []
  for (const { id } of missing) {
    const review = await attempt({ runId: id }, () => openReview(ports, provider, id))
    if (review) opened.push(review)
  }
  return opened
}

/** Its page was just written anew, maybe with the plan. */
const isToConfirm = (before: Review, now: Review): boolean => now.proposed && !now.ended && !now.planShown && before.shown !== now.shown
