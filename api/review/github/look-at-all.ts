import type { Review } from '../../../schema/review.ts'
import type { ReviewState } from '../review-provider.ts'
import { explaining } from './explain.ts'
import { listClosedPulls, listOpenPulls } from './find-pull.ts'
import type { GitHub } from './github.ts'
import { lookAt } from './look-at.ts'
import { lookAtEnded } from './look-at-ended.ts'
import type { createDirectories } from './read-directory.ts'
import { statusOf } from './status-of.ts'

/** Refusals that may be of one pull request alone: its commits are gone, say. */
const ofOne = [404, 409, 410, 422]

interface Repository {
  readonly github: GitHub
  readonly directories: ReturnType<typeof createDirectories>
  /** `owner/name` */
  readonly repository: string
}

/** What has become of pull requests, by run id; one that GitHub gives no answer about keeps no other from being seen. */
export async function lookAtAll(
  { github, directories, repository }: Repository,
  reviews: readonly Review[],
): Promise<ReadonlyMap<string, ReviewState>> {
  const states = new Map<string, ReviewState>()
  if (reviews.length === 0) return states
  const open = await listOpenPulls(github)
  const closed = reviews.some(({ ended }) => ended) ? await listClosedPulls(github) : []
  for (const review of reviews) {
    try {
      const state = review.ended ? lookAtEnded([...open, ...closed], review) : await lookAt({ github, directories, open }, review)
      if (state) states.set(review.runId, state)
    } catch (error) {
      if (!ofOne.includes(statusOf(error) ?? 0)) throw error
      await explaining(repository, () => Promise.reject(error)).catch((explained: unknown) =>
        github.log({ event: 'review.unread', runId: review.runId, number: review.number, error: explained }),
      )
    }
  }
  return states
}
