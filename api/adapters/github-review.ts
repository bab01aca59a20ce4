import type { ReviewRepository } from '../../schema/platform-review.ts'
import type { Log } from '../ports.ts'
import { createGitHubReview } from '../review/github/create-github-review.ts'
import type { Credentials } from '../review/github/github.ts'
import type { ReviewProvider } from '../review/review-provider.ts'
import type { ReadSecret } from './review-secrets.ts'
import { systemClock } from './system-clock.ts'

type OnGitHub = Extract<ReviewRepository, { type: 'github' }>

/** The provider of a contract's GitHub repository; made once in a process, as it remembers what it has read. */
export function createGitHubReviewFromContract(repository: OnGitHub, readSecret: ReadSecret, log: Log): ReviewProvider {
  const { apiUrl, main } = repository
  return createGitHubReview({
    repository: repository.repository,
    apiUrl,
    main,
    credentials: credentialsOf(repository, readSecret),
    answerWithinMilliseconds: 10_000,
    clock: systemClock,
    log,
  })
}

function credentialsOf({ credentials }: OnGitHub, readSecret: ReadSecret): Credentials {
  const read = () => readSecret(credentials.secretArn)
  if (credentials.type === 'token') return { type: 'token', token: read }
  return { type: 'app', appId: credentials.appId, installationId: credentials.installationId, privateKey: read }
}
