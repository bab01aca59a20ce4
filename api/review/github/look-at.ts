import type { Review } from '../../../schema/review.ts'
import type { ReviewState } from '../review-provider.ts'
import type { GitHub, ListedPull } from './github.ts'
import { listReviewers } from './list-reviewers.ts'
import { loginOf } from './login-of.ts'
import { directoryOf } from './names.ts'
import { numberOf } from './open-review.ts'
import { type createDirectories, isSameDirectory } from './read-directory.ts'
import { unless } from './status-of.ts'

interface Seen {
  readonly github: GitHub
  readonly directories: ReturnType<typeof createDirectories>
  /** Those that are open now. */
  readonly open: readonly ListedPull[]
}

/** What has become of one pull request. Those that are open and as they were cost no call. */
export async function lookAt({ github, directories, open }: Seen, review: Review): Promise<ReviewState> {
  const { call, at, main } = github
  const number = numberOf(review)
  const same = sameFiles(directories, review)
  const listed = open.find((pull) => pull.number === number)
  const one = () => call('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, pull_number: number })
  const pull = listed ?? (await unless([404], one(), undefined))?.data
  if (!pull) return { kind: 'closed' }
  const elsewhere = pull.base.ref === main ? undefined : `Its base is ${pull.base.ref}, expected ${main}.`
  if (pull.state === 'open') {
    if (elsewhere) return { kind: 'changed', what: elsewhere }
    return (await same(pull.head.sha))
      ? { kind: 'open' }
      : { kind: 'changed', what: `Its branch is at ${short(pull.head.sha)} with other files.` }
  }
  if (!('merged' in pull && pull.merged)) return { kind: 'closed', ...(await closedBy(github, number)) }
  const commit = pull.merge_commit_sha
  if (elsewhere || !commit) return { kind: 'changed', what: elsewhere ?? 'It was merged, but GitHub names no commit of it.' }
  if (!(await same(commit))) return { kind: 'changed', what: `It was merged as ${short(commit)} with other files.` }
  const by = loginOf(pull.merged_by)
  const reviewers = await listReviewers(github, number, same)
  return { kind: 'merged', by, commit, reviewers: reviewers.filter((reviewer) => reviewer !== by) }
}

/** Whether a commit has what was planned: of ours the whole directory of the server, of a proposal its definition. */
function sameFiles(directories: Seen['directories'], { commit: planned, serverId, proposed }: Review) {
  return async (commit: string): Promise<boolean> => {
    if (commit === planned) return true
    const [before, now] = [await directories(planned, directoryOf(serverId)), await directories(commit, directoryOf(serverId))]
    return isSameDirectory(before, now, proposed ? /^definition\.(json|ya?ml)$/ : undefined)
  }
}

async function closedBy({ call, at }: GitHub, number: number): Promise<{ by?: string }> {
  const { data } = await call('GET /repos/{owner}/{repo}/issues/{issue_number}', { ...at, issue_number: number })
  return data.closed_by ? { by: loginOf(data.closed_by) } : {}
}

const short = (commit: string): string => commit.slice(0, 12)
