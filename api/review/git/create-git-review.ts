import { createHash } from 'node:crypto'
import type { Review } from '../../../schema/review.ts'
import type { ReviewPage, ReviewProvider } from '../review-provider.ts'
import { createGitCache } from './create-git-cache.ts'
import { deleteBranch } from './delete-branch.ts'
import { fetchHeads } from './fetch-heads.ts'
import type { GitReviewOptions } from './git-review-options.ts'
import { createGitSession, type GitSession } from './git-session.ts'
import { keepCommit } from './keep-commit.ts'
import { listProposals, type ProposalMemory } from './list-proposals.ts'
import { type LookMemory, lookAtReviews } from './look-at-reviews.ts'
import { oneLine } from './one-line.ts'
import { openReview } from './open-review.ts'
import { postNote } from './post-note.ts'

/**
 * Reviews in a plain Git repository: a waiting run is a branch below `gantry/`, its merge into the main branch is the approval,
 * its deletion the discard. There is no page to show; what would stand on it is a note (`refs/notes/gantry`) on the commit.
 * Throws GantryError INVALID_REQUEST on a remote that git cannot fetch from.
 */
export function createGitReview(options: GitReviewOptions): ReviewProvider {
  const use = createGitCache(createGitSession(options))
  const log = options.log ?? (() => undefined)
  const memory = { look: emptyLook(), proposals: new Map() as ProposalMemory }
  return {
    name: 'git',
    open: (request) =>
      use(async (session) => {
        const { proposal, page, runId } = request
        if (!proposal) return openReview(session, request)
        await fetchHeads(session)
        await keepCommit(session, runId, proposal.commit)
        await postNote(session, proposal.commit, `plan of run ${runId}`, wholePage(page))
        return { branch: proposal.branch, commit: proposal.commit }
      }),
    look: (reviews) => use((session) => lookAtReviews(session, memory.look, reviews)),
    show: (review, page) => use((session) => postPage(session, review, page)),
    close: (review, page) =>
      use(async (session) => {
        if (!review.proposed) await deleteBranch(session, review)
        await postPage(session, review, page)
      }),
    answer: (review, message) =>
      use(async (session) => {
        const state = (await lookAtReviews(session, emptyLook(), [review])).get(review.runId)
        const commit = state?.kind === 'merged' ? state.commit : review.commit
        const mark = createHash('sha256').update(message).digest('hex').slice(0, 8)
        await postNote(session, commit, `answer ${mark} to run ${review.runId}`, message)
      }),
    proposals: () => use((session) => listProposals(session, memory, log)),
    refuse: ({ commit }, problems) =>
      use((session) => {
        const lines = problems.map(({ path, line, message }) => `${oneLine(path)}:${line}: ${oneLine(message, 1000)}`)
        return postNote(session, commit, 'problems', lines.join('\n'))
      }),
  }
}

const emptyLook = (): LookMemory => ({ main: undefined, states: new Map(), files: new Map() })

/** Of a run of ours the branch says what is planned; of a proposal nothing but the note does. */
const postPage = (session: GitSession, { commit, runId, proposed }: Review, page: ReviewPage): Promise<void> =>
  proposed ? postNote(session, commit, `plan of run ${runId}`, wholePage(page)) : postNote(session, commit, `run ${runId}`, standing(page))

const wholePage = (page: ReviewPage): string => `${standing(page)}\n\n${page.body}`

const standing = ({ title, stage, summary, url }: ReviewPage): string =>
  [oneLine(title), `Stage: ${stage}`, oneLine(summary, 1000), url].join('\n')
