import type { ReviewProvider } from '../review-provider.ts'
import { markerOf, sayOnce } from './comments.ts'
import { connect, type GitHubOptions } from './connect.ts'
import { explaining } from './explain.ts'
import { createProposals } from './list-proposals.ts'
import { lookAtAll } from './look-at-all.ts'
import { branchOf } from './names.ts'
import { numberOf, openReview, postPlan, showPlan } from './open-review.ts'
import { createDirectories } from './read-directory.ts'
import { refuse } from './refuse.ts'
import { showPage } from './show-page.ts'
import { unless } from './status-of.ts'

/** Pull requests on GitHub, one for each waiting run. Nothing is ever pushed to the main branch, merged, or forced past a rule. */
export function createGitHubReview(options: GitHubOptions): ReviewProvider {
  const github = connect(options)
  const directories = createDirectories(github)
  const proposals = createProposals(github, directories)
  const explained = <T>(act: () => Promise<T>) => explaining(options.repository, act)
  const planOf = (review: { branch: string; number?: number | undefined; runId: string; commit: string; serverId: string }) => ({
    ...review,
    number: numberOf(review),
  })
  return {
    name: 'github',
    open: (request) =>
      explained(() => (request.proposal ? postPlan(github, request, request.proposal) : openReview(github, directories, request))),
    look: (reviews) => explained(() => lookAtAll({ github, directories, repository: options.repository }, reviews)),
    show: (review, page) =>
      explained(async () => {
        if (review.proposed) return showPlan(github, planOf(review), page)
        await showPage(github, numberOf(review), page, { close: false })
      }),
    close: (review, page) =>
      explained(async () => {
        if (review.proposed) return showPlan(github, planOf(review), page)
        await showPage(github, numberOf(review), page, { close: true })
        const ref = `heads/${branchOf(review.serverId, review.runId)}`
        await unless([404, 422], github.call('DELETE /repos/{owner}/{repo}/git/refs/{ref}', { ...github.at, ref }), undefined)
      }),
    answer: (review, message) => explained(() => sayOnce(github, numberOf(review), markerOf('answer', review.runId, message), message)),
    proposals: () => explained(proposals),
    refuse: (proposal, problems) => explained(() => refuse(github, proposal, problems)),
  }
}
