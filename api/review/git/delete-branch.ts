import { GantryError } from '../../../schema/error-code.ts'
import type { Review } from '../../../schema/review.ts'
import { fetchHeads } from './fetch-heads.ts'
import type { GitSession } from './git-session.ts'
import { pushRefs } from './push-refs.ts'
import { differing, readFiles } from './read-files.ts'
import { readReviewedFiles } from './read-reviewed-files.ts'
import { serverDirectory } from './review-names.ts'

/** Deletes the branch of a run, unless somebody has work of their own on it. */
export async function deleteBranch(session: GitSession, review: Review): Promise<void> {
  const head = (await fetchHeads(session)).branches.get(review.branch)
  if (head === undefined || !(await isOurs(session, review, head))) return
  const branch = `refs/heads/${review.branch}`
  const { pushed, words } = await pushRefs(session, [`:${branch}`], [`--force-with-lease=${branch}:${head}`])
  if (pushed) return
  const now = (await fetchHeads(session)).branches.get(review.branch)
  if (now !== head) return
  throw new GantryError('UNAVAILABLE', `The review repository refused to delete the branch ${review.branch}: ${words}. It is tried again.`)
}

async function isOurs(session: GitSession, review: Review, head: string): Promise<boolean> {
  if (head === review.commit) return true
  if ((await session.attempt(['cat-file', '-e', `${review.commit}^{commit}`])).exitCode !== 0) return false
  const reviewed = await readReviewedFiles(session, review)
  return differing(reviewed.paths, reviewed.files, await readFiles(session, head, serverDirectory(review.serverId))).length === 0
}
