import { createHash } from 'node:crypto'
import { PlanReview } from '../../schema/plan-review.ts'
import type { Review } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { isTerminal } from '../../schema/run-status.ts'
import { listReviews, putReview, readReview } from '../../store/reviews.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { reviewPage, type ShownRun } from '../review/review-page.ts'
import type { ReviewProvider, ReviewState } from '../review/review-provider.ts'
import { newReview, reviewRequest } from '../review/review-request.ts'
import { decideByReview } from './decide-by-review.ts'

/**
 * Brings runs and their pull requests together: opens what is missing, takes every decision made there, shows where each run
 * stands. What fails (the other side is down) is left to the next time; one bad run does not stop the rest.
 */
export async function syncReviews(ports: ReconcilerPorts, open: readonly Run[]): Promise<void> {
  const { review: provider } = ports
  if (!provider) return
  const reviews = await listReviews(ports.store)
  const known = new Set(reviews.map(({ runId }) => runId))
  for (const run of open)
    if (run.status === 'AWAITING_REVIEW' && !known.has(run.id)) await attempt(ports, run.id, () => openReview(ports, provider, run))
  if (reviews.length === 0) return
  const states = await provider.look(reviews)
  for (const review of reviews) await attempt(ports, review.runId, () => syncReview(ports, provider, review, states.get(review.runId)))
}

async function attempt(ports: ReconcilerPorts, runId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    ports.log({ event: 'review.failed', runId, error })
  }
}

async function openReview(ports: ReconcilerPorts, provider: ReviewProvider, run: Run): Promise<void> {
  // From an index that may lag: the item itself says whether it is there.
  if (await readReview(ports.store, run.id)) return
  const request = await reviewRequest(ports, await shownRun(ports, run))
  const opened = await provider.open(request)
  const kept = { provider: provider.name, shown: sha256(request.page), createdAt: ports.clock.now().toISOString() }
  await putReview(ports.store, newReview(request, opened, kept))
  ports.log({ event: 'review.opened', runId: run.id, branch: opened.branch, url: opened.url })
}

async function syncReview(ports: ReconcilerPorts, provider: ReviewProvider, review: Review, state: ReviewState | undefined): Promise<void> {
  const run = await readRun(ports.store, review.runId)
  if (!run) return
  const refused = state && (await decideByReview(ports, { run, review, state }))
  if (refused) await provider.answer(review, refused)
  if (review.ended) return
  const now = refused ? run : ((await readRun(ports.store, run.id)) ?? run)
  const shown = await shownRun(ports, now)
  const page = reviewPage(shown)
  const digest = sha256(page)
  const ended = isTerminal(now.status)
  if (digest === review.shown && !ended) return
  if (ended) await provider.close(review, page)
  else await provider.show(review, page)
  await putReview(ports.store, { ...review, shown: digest, ended, updatedAt: ports.clock.now().toISOString() })
}

async function shownRun(ports: ReconcilerPorts, run: Run): Promise<ShownRun> {
  const [server, text, { publicUrl }] = await Promise.all([
    readServer(ports.store, run.serverId),
    ports.artifacts.readText(`runs/${run.id}/plan.json`),
    ports.contract(),
  ])
  const plan = text === undefined ? undefined : PlanReview.parse(JSON.parse(text))
  return { run, server: server?.uid === run.serverUid ? server : undefined, plan, publicUrl }
}

const sha256 = (page: object): string => createHash('sha256').update(JSON.stringify(page)).digest('hex')
