import { createHash } from 'node:crypto'
import { PlanReview } from '../../schema/plan-review.ts'
import type { Review } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { isTerminal } from '../../schema/run-status.ts'
import { putReview, readReview } from '../../store/reviews.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import type { ShownRun } from '../review/review-page.ts'
import type { ReviewPage, ReviewProvider } from '../review/review-provider.ts'
import { newReview, reviewRequest } from '../review/review-request.ts'

/**
 * Opens the pull request of a run and keeps it; a proposed one has its pull request already, and is told there. Answers what
 * was opened. Throws CONFLICT where another sweep opened it at the same time: it is one and the same.
 */
export async function openReview(ports: ReconcilerPorts, provider: ReviewProvider, runId: string): Promise<Review | undefined> {
  // Listed from indexes that may lag: the items themselves say whether it is there and still wanted.
  const [known, run] = await Promise.all([readReview(ports.store, runId), readRun(ports.store, runId)])
  if (known || !run || (isTerminal(run.status) && !run.proposal)) return undefined
  const request = await reviewRequest(ports, await shownRun(ports, run))
  const opened = await provider.open(request)
  const kept = { provider: provider.name, shown: digestOf(request.page), createdAt: ports.clock.now().toISOString() }
  const review = await putReview(ports.store, newReview(request, opened, kept))
  ports.log({ event: 'review.opened', runId, branch: opened.branch, url: opened.url })
  return review
}

/** Everything that the page of a run tells. */
export async function shownRun(ports: ReconcilerPorts, run: Run): Promise<ShownRun> {
  const [server, text, { publicUrl, review }] = await Promise.all([
    readServer(ports.store, run.serverId),
    ports.artifacts.readText(`runs/${run.id}/plan.json`),
    ports.contract(),
  ])
  const plan = text === undefined ? undefined : PlanReview.parse(JSON.parse(text))
  return { run, server: server?.uid === run.serverUid ? server : undefined, plan, publicUrl, fourEyes: review.fourEyes }
}

/** A page is written again only where this differs. */
export const digestOf = (page: ReviewPage): string => createHash('sha256').update(JSON.stringify(page)).digest('hex')
