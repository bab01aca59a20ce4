import type { Review } from '../../../schema/review.ts'
import type { ReviewState } from '../review-provider.ts'
import type { Heads } from './fetch-heads.ts'
import { findLanding, findMerge } from './find-arrival.ts'
import type { GitSession } from './git-session.ts'
import { oneLine } from './one-line.ts'
import { differing, readFiles } from './read-files.ts'
import type { MainCommit } from './read-main-history.ts'
import type { ReviewedFiles } from './read-reviewed-files.ts'
import { serverDirectory } from './review-names.ts'

/** What is known of the repository when reviews are judged. */
export interface RepositoryFacts {
  readonly session: GitSession
  readonly heads: Heads
  readonly history: readonly MainCommit[]
  /** The reviewed commits that main has taken in. */
  readonly onMain: ReadonlySet<string>
  reviewedFiles(review: Review): Promise<ReviewedFiles>
}

/** What has become of one review whose commit is in the cache. */
export async function judgeReview(facts: RepositoryFacts, review: Review): Promise<ReviewState> {
  const reviewed = await facts.reviewedFiles(review)
  return (await judgeMain(facts, review, reviewed)) ?? judgeBranch(facts, review, reviewed)
}

async function judgeMain(facts: RepositoryFacts, review: Review, reviewed: ReviewedFiles): Promise<ReviewState | undefined> {
  const { session, heads, history, onMain } = facts
  if (!onMain.has(review.commit)) {
    const landing = { commit: review.commit, changed: reviewed.telling }
    const landed = await findLanding(session, history, heads.main, landing)
    return landed && judgeMerge(facts, review, reviewed, landed.commit)
  }
  const merge = await findMerge(session, review.commit, heads.main)
  const state = await judgeMerge(facts, review, reviewed, merge)
  const edit = merge === review.commit ? editAfter(history, review, reviewed.paths) : undefined
  return edit && state.kind === 'merged' ? mergedWith(editedPaths(edit, reviewed.paths), edit.commit, edit.by) : state
}

/** A fast-forward to a commit of ours says nothing of who pushed it. */
async function judgeMerge(facts: RepositoryFacts, review: Review, reviewed: ReviewedFiles, merge: string): Promise<ReviewState> {
  const by = `git:${merge === review.commit && !review.proposed ? 'unknown' : await committerOf(facts.session, merge)}`
  const there = await readFiles(facts.session, merge, serverDirectory(review.serverId))
  const edited = differing(reviewed.paths, reviewed.files, there)
  return edited.length === 0 ? { kind: 'merged', by, commit: merge, reviewers: [] } : mergedWith(edited, merge, by)
}

/**
 * After a fast-forward of a branch with one more commit, ours and that commit are both steps of main. A later merge and
 * another run's plan are none of that: they came on their own.
 */
function editAfter(history: readonly MainCommit[], review: Review, paths: ReadonlySet<string>): MainCommit | undefined {
  const ours = history.findIndex(({ commit }) => commit === review.commit)
  const next = history.slice(0, Math.max(ours, 0)).findLast((entry) => editedPaths(entry, paths).length > 0)
  const onItsOwn = !next || next.parents.length > 1 || next.runs.some((run) => run !== review.runId)
  return onItsOwn ? undefined : next
}

async function judgeBranch({ session, heads }: RepositoryFacts, review: Review, reviewed: ReviewedFiles): Promise<ReviewState> {
  const head = heads.branches.get(review.branch)
  if (head === undefined) return { kind: 'closed' }
  if (head === review.commit) return { kind: 'open' }
  const there = await readFiles(session, head, serverDirectory(review.serverId))
  const edited = differing(reviewed.paths, reviewed.files, there)
  if (edited.length === 0) return { kind: 'open' }
  const by = `git:${await committerOf(session, head)}`
  const then = review.proposed ? ' A newer commit is planned on its own.' : ''
  return { kind: 'changed', what: `${listPaths(edited)} changed on ${review.branch} with ${head.slice(0, 12)} by ${by}.${then}` }
}

const editedPaths = (entry: MainCommit, paths: ReadonlySet<string>): string[] =>
  entry.changes.map(({ path }) => path).filter((path) => paths.has(path))

function mergedWith(edited: readonly string[], commit: string, by: string): ReviewState {
  return {
    kind: 'changed',
    what: `It was merged with other files than those planned: ${listPaths(edited)} with ${commit.slice(0, 12)} by ${by}.`,
  }
}

function listPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(', ')
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown
}

async function committerOf(session: GitSession, commit: string): Promise<string> {
  return oneLine(await session.ask(['show', '--no-patch', '--format=%ce', commit]))
}
