import type { Review } from '../../../schema/review.ts'
import type { ReviewState } from '../review-provider.ts'
import { fetchHeads, fetchRefs, type Heads } from './fetch-heads.ts'
import { findOnMain } from './find-arrival.ts'
import type { GitSession } from './git-session.ts'
import { judgeReview } from './judge-review.ts'
import { type MainCommit, readMainHistory } from './read-main-history.ts'
import { type ReviewedFiles, readReviewedFiles } from './read-reviewed-files.ts'

/** Remembers the answers of the last look, so that one where nothing moved costs a fetch. */
export interface LookMemory {
  main: { readonly tip: string; readonly history: readonly MainCommit[] } | undefined
  states: Map<string, { readonly of: string; readonly state: ReviewState }>
  files: Map<string, { readonly of: string; readonly files: ReviewedFiles }>
}

/** One fetch, then local questions about what moved since the last look. */
export async function lookAtReviews(
  session: GitSession,
  memory: LookMemory,
  reviews: readonly Review[],
): Promise<ReadonlyMap<string, ReviewState>> {
  if (reviews.length === 0) return new Map()
  const heads = await fetchHeads(session)
  const keyOf = ({ commit, branch }: Review) => `${commit} ${heads.main} ${heads.branches.get(branch)}`
  const moved = reviews.filter((review) => memory.states.get(review.runId)?.of !== keyOf(review))
  const gone = await findGone(session, moved)
  const there = moved.flatMap(({ commit }) => (gone.has(commit) ? [] : [commit]))
  const facts = {
    session,
    heads,
    history: await rememberHistory(session, memory, heads.main),
    onMain: await findOnMain(session, there, heads.main),
    reviewedFiles: (review: Review) => rememberFiles(session, memory, review),
  }
  const states = new Map<string, { of: string; state: ReviewState }>()
  for (const review of reviews) {
    const known = memory.states.get(review.runId)
    const of = keyOf(review)
    const judge = () => (gone.has(review.commit) ? judgeGone(heads, review) : judgeReview(facts, review))
    states.set(review.runId, { of, state: known?.of === of ? known.state : await judge() })
  }
  memory.states = states
  for (const runId of memory.files.keys()) if (!states.has(runId)) memory.files.delete(runId)
  return new Map([...states].map(([runId, { state }]) => [runId, state]))
}

/** What a run generated is in its commit for good; what a proposal changes depends on main. */
async function rememberFiles(session: GitSession, memory: LookMemory, review: Review): Promise<ReviewedFiles> {
  const known = memory.files.get(review.runId)
  if (known?.of === review.commit) return known.files
  const files = await readReviewedFiles(session, review)
  if (!review.proposed) memory.files.set(review.runId, { of: review.commit, files })
  return files
}

export async function rememberHistory(session: GitSession, memory: LookMemory, tip: string): Promise<readonly MainCommit[]> {
  if (memory.main?.tip !== tip) memory.main = { tip, history: await readMainHistory(session, tip) }
  return memory.main.history
}

/** The commits that are nowhere any more, not even below the refs kept for them. */
async function findGone(session: GitSession, reviews: readonly Review[]): Promise<ReadonlySet<string>> {
  const commits = [...new Set(reviews.map(({ commit }) => commit))]
  const missing = await listMissing(session, commits)
  if (missing.length === 0) return new Set()
  await fetchRefs(session, 'refs/gantry/runs/*')
  return new Set(await listMissing(session, missing))
}

async function listMissing(session: GitSession, commits: readonly string[]): Promise<string[]> {
  if (commits.length === 0) return []
  const input = commits.map((commit) => `${commit}^{commit}\n`).join('')
  const answers = (await session.ask(['cat-file', '--batch-check'], { input })).split('\n')
  return commits.filter((_, at) => answers[at]?.endsWith(' missing'))
}

function judgeGone(heads: Heads, { branch, commit }: Review): ReviewState {
  if (!heads.branches.has(branch)) return { kind: 'closed' }
  return { kind: 'changed', what: `The commit ${commit.slice(0, 12)} is no longer in the repository; ${branch} was written anew.` }
}
