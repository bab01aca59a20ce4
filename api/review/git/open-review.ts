import { GantryError } from '../../../schema/error-code.ts'
import type { OpenedReview, ReviewRequest } from '../review-provider.ts'
import { fetchHeads, type Heads } from './fetch-heads.ts'
import type { GitSession } from './git-session.ts'
import { pushRefs } from './push-refs.ts'
import { readFiles } from './read-files.ts'
import { keptRef, planBranch, runTrailer, serverDirectory } from './review-names.ts'
import { writeBlobs, writePlanCommit } from './write-plan-commit.ts'

/** Opens a run's branch on the tip of main, or finds it; what an earlier try left half done is finished. */
export async function openReview(session: GitSession, request: ReviewRequest): Promise<OpenedReview> {
  const branch = planBranch(request)
  const heads = await fetchHeads(session, [`${keptRef(request.runId)}*`])
  const blobs = await writeBlobs(session, request)
  const found = await findOpened(session, request, heads, blobs)
  if (found) return { branch, commit: found }

  const parent = heads.branches.get(branch) ?? heads.main
  const commit = await writePlanCommit(session, parent, blobs, request)
  const words = await pushPlan(session, branch, commit, request.runId)
  if (words === undefined) return { branch, commit }
  const pushedBeside = await findOpened(session, request, await fetchHeads(session), blobs)
  if (pushedBeside) return { branch, commit: pushedBeside }
  const who = `${session.author.name} <${session.author.email}>`
  throw new GantryError(
    'UNAVAILABLE',
    `The review repository refused the branch ${branch}: ${words}. It is tried again; its rules have to let ${who} push branches below gantry/.`,
  )
}

/** Pushes branch and kept ref together; where the other side takes no other refs than branches, the branch alone. */
async function pushPlan(session: GitSession, branch: string, commit: string, runId: string): Promise<string | undefined> {
  const plan = `${commit}:refs/heads/${branch}`
  const both = await pushRefs(session, [plan, `${commit}:${keptRef(runId)}`], ['--atomic'])
  const { pushed, words } = both.pushed ? both : await pushRefs(session, [plan])
  if (!pushed) return words
  await session.ask(['update-ref', keptRef(runId), commit])
  return undefined
}

/** The commit of this run that carries these files: on its branch, or once pushed and since merged or removed. */
async function findOpened(
  session: GitSession,
  request: ReviewRequest,
  heads: Heads,
  blobs: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const branch = planBranch(request)
  const head = heads.branches.get(branch)
  const kept = (await session.attempt(['rev-parse', '--verify', '--quiet', `${keptRef(request.runId)}^{commit}`])).stdout.trim()
  const ours = head ? await commitsOfRun(session, head, request.runId) : []
  if (head && ours.length === 0 && !kept) {
    throw new GantryError(
      'UNAVAILABLE',
      `The review repository has a branch ${branch} whose commits do not name the run. Delete the branch; it is opened again by itself.`,
    )
  }
  for (const commit of [...(kept ? [kept] : []), ...ours]) {
    const files = await readFiles(session, commit, serverDirectory(request.serverId))
    if ([...blobs].every(([path, blob]) => files.get(path) === blob)) return commit
  }
  return undefined
}

async function commitsOfRun(session: GitSession, head: string, runId: string): Promise<string[]> {
  const format = `--format=%H %(trailers:key=${runTrailer},valueonly,separator=%x20)`
  const listed = await session.ask(['log', '--max-count=100', format, head])
  return listed
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([commit, run]) => (commit && run === runId ? [commit] : []))
}
