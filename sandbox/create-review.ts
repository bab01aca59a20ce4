import { createGitHubReviewFromContract } from '../api/adapters/github-review.ts'
import { createSecretReader } from '../api/adapters/review-secrets.ts'
import type { Log } from '../api/ports.ts'
import { createBareRepository } from '../api/review/git/create-bare-repository.ts'
import { createGitReview } from '../api/review/git/create-git-review.ts'
import { watchGitRepository } from '../api/review/git/watch-git-repository.ts'
import type { ReviewProvider } from '../api/review/review-provider.ts'
import type { PlatformReview } from '../schema/platform-review.ts'
import type { Layout } from './layout.ts'

export interface SandboxReview {
  readonly provider: ReviewProvider
  /** A path, a URL, or GitHub's `owner/name`. */
  readonly repository: string
  /** Calls back when something may have been decided there. */
  watch(onChange: () => void): { close(): void }
}

export interface SandboxReviewOptions {
  readonly review: PlatformReview
  readonly place: Layout
  readonly aws: { readonly region: string; readonly endpoint: string }
  readonly log: Log
}

const author = { name: 'Gantry', email: 'gantry@localhost' }

/** Where plans are reviewed: the repository that the platform names, or one of the sandbox's own. */
export async function createReview({ review, place, aws, log }: SandboxReviewOptions): Promise<SandboxReview> {
  const { repository } = review
  if (repository?.type === 'github') {
    const provider = createGitHubReviewFromContract(repository, createSecretReader(aws), log)
    return { provider, repository: repository.repository, watch: () => ({ close: () => undefined }) }
  }
  const { remote, main } = repository ?? { remote: place.reviewRepository, main: 'main' }
  if (!repository) await createBareRepository(remote, main)
  const options = { remote, main, directory: place.reviewCache, author, log }
  return { provider: createGitReview(options), repository: remote, watch: (onChange) => watchGitRepository(options, onChange) }
}
