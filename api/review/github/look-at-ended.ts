import type { Review } from '../../../schema/review.ts'
import type { ReviewState } from '../review-provider.ts'
import type { ListedPull } from './github.ts'
import { numberOf } from './open-review.ts'

/**
 * What has become of a pull request whose run has ended: merged late, or opened again. Only lists are asked, as there are
 * many of them; undefined: nothing happened there for long. Who merged, a list does not say.
 */
export function lookAtEnded(listed: readonly ListedPull[], review: Review): ReviewState | undefined {
  const number = numberOf(review)
  const pull = listed.find((one) => one.number === number)
  if (!pull) return undefined
  if (pull.state === 'open') return { kind: 'open' }
  if (!pull.merged_at) return { kind: 'closed' }
  if (review.proposed && pull.head.sha !== review.commit)
    return { kind: 'changed', what: `It was merged with ${pull.head.sha.slice(0, 12)}.` }
  return { kind: 'merged', by: 'github:unknown', commit: pull.merge_commit_sha ?? pull.head.sha, reviewers: [] }
}
