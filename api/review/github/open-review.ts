import { GantryError } from '../../../schema/error-code.ts'
import type { Proposal } from '../../../schema/review.ts'
import { escapeMarkdown } from '../escape-markdown.ts'
import type { OpenedReview, ReviewPage, ReviewRequest } from '../review-provider.ts'
import { markerOf, sayOnce } from './comments.ts'
import { findPull } from './find-pull.ts'
import type { GitHub } from './github.ts'
import { branchOf, directoryOf } from './names.ts'
import { commitFiles, holdsFiles, openBranch } from './open-branch.ts'
import type { createDirectories } from './read-directory.ts'
import { contextOf, showStatus } from './set-status.ts'
import { fitBody, showPage } from './show-page.ts'
import { statusOf, unless } from './status-of.ts'

/** The pull request of a run: each step is looked for before it is done, so that it may be cut short anywhere and repeated. */
export async function openReview(
  github: GitHub,
  directories: ReturnType<typeof createDirectories>,
  request: ReviewRequest,
): Promise<OpenedReview> {
  const branch = branchOf(request.serverId, request.runId)
  const { call, at, main } = github
  const isOurs = async (commit: string) => holdsFiles(await directories(commit, directoryOf(request.serverId)), request)
  const found = await findPull(github, branch)
  if (found) {
    // Somebody pushed before we had noted our commit: it is made again, and the head is seen to differ from it.
    const commit = (await isOurs(found.head.sha)) ? found.head.sha : await commitFiles(github, request)
    if (found.state === 'open') await showPage(github, found.number, request.page, { close: false })
    return { branch, commit, number: found.number, url: found.html_url }
  }
  const ref = await unless([404], call('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...at, ref: `heads/${branch}` }), undefined)
  const commit = ref && (await isOurs(ref.data.object.sha)) ? ref.data.object.sha : await openBranch(github, branch, request)
  const { title } = request.page
  const pull = await call('POST /repos/{owner}/{repo}/pulls', {
    ...at,
    title: [...title].slice(0, 256).join(''),
    head: branch,
    base: main,
    body: fitBody(request.page),
  }).then(
    ({ data }) => data,
    async (error: unknown) => {
      const made = statusOf(error) === 422 ? await findPull(github, branch) : undefined
      if (!made) throw error
      return made
    },
  )
  await showPage(github, pull.number, request.page, { close: false })
  return { branch, commit, number: pull.number, url: pull.html_url }
}

/** Posts a plan where somebody proposed it. */
export async function postPlan(github: GitHub, request: ReviewRequest, proposal: Proposal): Promise<OpenedReview> {
  const number = numberOf(proposal)
  const { data: pull } = await github.call('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...github.at, pull_number: number })
  await showPlan(github, { ...proposal, ...request, number }, request.page)
  return { branch: proposal.branch, commit: proposal.commit, number, url: pull.html_url }
}

/** The comment and the status of a plan on somebody's proposal. */
export async function showPlan(
  github: GitHub,
  { number, runId, commit, serverId }: { number: number; runId: string; commit: string; serverId: string },
  page: ReviewPage,
): Promise<void> {
  await sayOnce(github, number, markerOf('plan', runId), `### ${escapeMarkdown(page.title)}\n\n${fitBody(page)}`)
  await showStatus(github, commit, contextOf(serverId), page)
}

/** The pull request's number; every review of this provider has one. */
export function numberOf({ number, branch }: { number?: number | undefined; branch: string }): number {
  if (number !== undefined) return number
  throw new GantryError('INTERNAL', `${branch} has no pull request's number, expected one of every review on GitHub`)
}
