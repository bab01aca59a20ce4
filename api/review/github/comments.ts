import { createHash } from 'node:crypto'
import type { GitHub } from './github.ts'
import { listAll } from './list-all.ts'

/** The first line of what we say, by which it is found again; hidden on the page. */
export const markerOf = (...parts: readonly string[]): string =>
  `<!-- gantry:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)} -->`

/** Says something once on a pull request: our comment of this marker is written, or rewritten where it says something else. */
export async function sayOnce(github: GitHub, number: number, marker: string, text: string): Promise<void> {
  const { call, at } = github
  const body = `${marker}\n${text}`
  const me = await github.me()
  const comments = await listAll((page) =>
    call('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...at, issue_number: number, ...page }),
  )
  const ours = comments.find((comment) => comment.user?.login === me && comment.body?.startsWith(marker))
  if (ours?.body === body) return
  if (ours) await call('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...at, comment_id: ours.id, body })
  else await call('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...at, issue_number: number, body })
}

/** Text of others as it is: no Markdown, no mention of anybody. */
export function verbatim(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}
