import type { ProposedChange, ProposedFile } from '../review-provider.ts'
import { listOpenPulls } from './find-pull.ts'
import type { GitHub, ListedPull } from './github.ts'
import { listAll } from './list-all.ts'
import { loginOf } from './login-of.ts'
import { definitionPath, isOurBranch } from './names.ts'
import { readDefinition } from './read-definition.ts'
import type { createDirectories } from './read-directory.ts'
import { refuse } from './refuse.ts'
import { statusOf } from './status-of.ts'

/** Each costs two calls and a run. */
const mostDefinitions = 50

/** Reads the open changes of definitions. A change whose head has not moved since costs no call of its own. */
export function createProposals(github: GitHub, directories: ReturnType<typeof createDirectories>): () => Promise<ProposedChange[]> {
  let kept = new Map<number, { head: string; change: ProposedChange | undefined }>()
  /** One pull request that GitHub gives no answer about, a diff too large among them, holds up no other. */
  const read = async (pull: ListedPull) => {
    try {
      return { head: pull.head.sha, change: await readChange(github, directories, pull) }
    } catch (error) {
      if (statusOf(error) === undefined) throw error
      github.log({ event: 'review.proposal-unread', number: pull.number, commit: pull.head.sha, status: statusOf(error) })
    }
  }
  return async () => {
    const next: typeof kept = new Map()
    for (const pull of await listOpenPulls(github)) {
      if (isOurBranch(pull.head.ref) || pull.base.ref !== github.main) continue
      const before = kept.get(pull.number)
      const head = pull.head.sha
      const known = before?.head === head ? before : await read(pull)
      if (known) next.set(pull.number, known)
    }
    kept = next
    return [...next.values()].flatMap(({ change }) => (change ? [change] : []))
  }
}

async function readChange(
  github: GitHub,
  directories: ReturnType<typeof createDirectories>,
  pull: ListedPull,
): Promise<ProposedChange | undefined> {
  const { call, at } = github
  const changed = await listAll((page) =>
    call('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', { ...at, pull_number: pull.number, ...page }),
  )
  const touched = changed.flatMap(({ filename, previous_filename }) => [filename, ...(previous_filename ? [previous_filename] : [])])
  const paths = [...new Set(touched)].filter((path) => definitionPath.test(path)).sort()
  if (paths.length === 0) return
  if (pull.head.repo?.id !== pull.base.repo.id) {
    github.log({ event: 'review.fork-ignored', number: pull.number, commit: pull.head.sha })
    return
  }
  const proposal = {
    provider: 'github' as const,
    branch: pull.head.ref,
    number: pull.number,
    commit: pull.head.sha,
    by: loginOf(pull.user),
  }
  if (paths.length > mostDefinitions) {
    const message = `This change touches ${paths.length} definitions, expected at most ${mostDefinitions} in one pull request.`
    await refuse(github, proposal, [{ path: paths[0] ?? '', line: 1, message }])
    return
  }
  const files: ProposedFile[] = []
  for (const path of paths) {
    const read = await readDefinition(github, directories, proposal.commit, path)
    if ('problem' in read) await refuse(github, proposal, [{ path, line: 1, message: read.problem }])
    else files.push({ path, content: read.content })
  }
  return files.length > 0 ? { proposal, files } : undefined
}
