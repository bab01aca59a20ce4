import type { GitHub } from './github.ts'
import { listAll } from './list-all.ts'
import { loginOf } from './login-of.ts'
import { unless } from './status-of.ts'

/**
 * Who approves of a pull request: by their latest word, on a commit that `isPlanned`, and with the right to write, as anybody may
 * review in a public repository.
 */
export async function listReviewers(
  { call, at }: GitHub,
  number: number,
  isPlanned: (commit: string) => Promise<boolean>,
): Promise<string[]> {
  const reviews = await listAll((page) =>
    call('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...at, pull_number: number, ...page }),
  )
  const latest = new Map<string, (typeof reviews)[number]>()
  for (const review of reviews)
    if (review.user && ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(review.state)) latest.set(review.user.login, review)
  const found: string[] = []
  for (const [username, { state, commit_id, user }] of latest) {
    if (state !== 'APPROVED' || !commit_id || !(await isPlanned(commit_id))) continue
    const asked = call('GET /repos/{owner}/{repo}/collaborators/{username}/permission', { ...at, username })
    const permission = (await unless([404], asked, undefined))?.data.permission
    if (permission === 'admin' || permission === 'write') found.push(loginOf(user))
  }
  return found
}
