import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Review } from '../../schema/review.ts'
import { isTerminal } from '../../schema/run-status.ts'
import { appendEvent } from '../../store/events.ts'
import { putReview } from '../../store/reviews.ts'
import { readRun } from '../../store/runs.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { reviewPage } from '../review/review-page.ts'
import type { ReviewProvider, ReviewState } from '../review/review-provider.ts'
import { decideByReview } from './decide-by-review.ts'
import { digestOf, shownRun } from './open-review.ts'

/** Takes what was decided in one pull request, and shows there where its run stands now. Answers what is kept of it. */
export async function syncReview(
  ports: ReconcilerPorts,
  provider: ReviewProvider,
  kept: Review,
  state: ReviewState | undefined,
): Promise<Review | undefined> {
  if (kept.ended && !isNews(kept, state)) return kept
  const run = await readRun(ports.store, kept.runId)
  if (!run) return undefined
  const message = state && (await decideByReview(ports, { run, review: kept, state }))
  const answered = message === undefined ? kept.answered : createHash('sha256').update(message).digest('hex')
  if (message !== undefined && answered !== kept.answered) await provider.answer(kept, message)

  const now = (await readRun(ports.store, run.id)) ?? run
  const page = reviewPage(await shownRun(ports, now))
  const shown = kept.ended ? kept.shown : digestOf(page)
  const ended = isTerminal(now.status)
  const reopened = kept.ended && state?.kind === 'open'
  if (reopened || (ended && !kept.ended)) await provider.close(kept, page)
  else if (shown !== kept.shown) await provider.show(kept, page)

  const planShown = page.stage === 'planned' && state?.kind === 'open' && shown === kept.shown
  const next: Review = { ...kept, shown, ended, ...(answered && { answered }), ...(kept.proposed && planShown && { planShown }) }
  if (isDeepStrictEqual(next, kept)) return kept
  const put = await putReview(ports.store, next)
  if (next.planShown && !kept.planShown) {
    const message = `The plan stands on ${kept.branch}: merging it from now on applies exactly this plan.`
    await appendEvent(ports.store, run.id, { writer: 'reconciler', type: 'review.shown', message })
  }
  return put
}

/** Of a pull request that has ended only a late merge matters, or that somebody has opened it again. */
const isNews = ({ proposed }: Review, state: ReviewState | undefined): boolean =>
  state?.kind === 'merged' || (state?.kind === 'open' && !proposed)
