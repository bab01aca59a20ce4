import type { ReviewPage, ReviewStage } from '../review-provider.ts'
import type { GitHub } from './github.ts'
import { listAll } from './list-all.ts'

type State = 'pending' | 'success' | 'failure' | 'error'

const states: Record<ReviewStage, State> = {
  planning: 'pending',
  planned: 'pending',
  approved: 'pending',
  applying: 'pending',
  live: 'success',
  failed: 'failure',
  discarded: 'error',
  expired: 'error',
  superseded: 'error',
}
const mostCharacters = 140

/** The context of our commit statuses; a proposal may be of many servers, each with a status of its own. */
export const contextOf = (proposedServerId?: string): string => (proposedServerId ? `gantry/plan/${proposedServerId}` : 'gantry/plan')

/** Shows on a commit where a run stands. */
export async function showStatus(github: GitHub, commit: string, context: string, page: ReviewPage): Promise<void> {
  await setStatus(github, commit, { context, state: states[page.stage], description: page.summary, target_url: page.url })
}

/** Sets a commit status unless it says so already: GitHub takes no more than a thousand of one context. */
export async function setStatus(
  { call, at }: GitHub,
  commit: string,
  status: { context: string; state: State; description: string; target_url?: string },
): Promise<void> {
  const description = [...status.description].slice(0, mostCharacters).join('')
  const wanted = { ...status, description }
  const all = await listAll(async (page) => {
    const { data, headers } = await call('GET /repos/{owner}/{repo}/commits/{ref}/status', { ...at, ref: commit, ...page })
    return { data: data.statuses, headers }
  })
  const now = all.find(({ context }) => context === wanted.context)
  if (now?.state === wanted.state && now.description === description && (now.target_url ?? undefined) === wanted.target_url) return
  await call('POST /repos/{owner}/{repo}/statuses/{sha}', { ...at, sha: commit, ...wanted })
}
