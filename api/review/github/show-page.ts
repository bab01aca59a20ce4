import type { ReviewPage } from '../review-provider.ts'
import type { GitHub, Pull } from './github.ts'
import { setLabels } from './set-labels.ts'
import { contextOf, showStatus } from './set-status.ts'
import { unless } from './status-of.ts'

/** GitHub takes 65,536 characters. */
const mostCharacters = 65_000
const longestTitle = 256

/** Shows a page on a pull request of ours, and closes it where that is asked for. Writes only what differs. */
export async function showPage(github: GitHub, number: number, page: ReviewPage, options: { close: boolean }): Promise<Pull> {
  const { call, at } = github
  const { data: pull } = await call('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, pull_number: number })
  const title = [...page.title].slice(0, longestTitle).join('')
  const body = fitBody(page)
  const closing = options.close && pull.state === 'open'
  if (pull.title !== title || pull.body !== body || closing) {
    const changed = { ...at, pull_number: number, title, body, ...(closing && { state: 'closed' as const }) }
    const patch = call('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', changed)
    // Closing what was merged a moment ago is refused; the next look sees the merge.
    await (closing ? unless([422], patch, undefined) : patch)
  }
  const labels = pull.labels.map(({ name }) => name)
  await setLabels(github, number, page.stage, labels)
  await showStatus(github, pull.head.sha, contextOf(), page)
  return pull
}

/** A body that GitHub takes; what is left out stands behind the link. */
export function fitBody({ body, url }: ReviewPage): string {
  if (body.length <= mostCharacters) return body
  const end = body.lastIndexOf('\n', mostCharacters)
  return `${body.slice(0, end > 0 ? end : mostCharacters)}\n\n… [the rest](${url})`
}
