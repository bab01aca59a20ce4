import type { Log } from '../../ports.ts'
import type { ProposedChange, ProposedFile } from '../review-provider.ts'
import { fetchHeads } from './fetch-heads.ts'
import { findLanding } from './find-arrival.ts'
import type { GitSession } from './git-session.ts'
import { type LookMemory, rememberHistory } from './look-at-reviews.ts'
import { oneLine } from './one-line.ts'
import { parseRawDiff, type RawChange } from './parse-raw-diff.ts'
import { readFiles } from './read-files.ts'
import { definitionPath } from './review-names.ts'

/** Answers by branch head and tip of main, which decide them. */
export type ProposalMemory = Map<string, ProposedChange | undefined>

const maximumBranches = 200
const maximumFiles = 100
const maximumTouches = 1000
const maximumBytes = 300 * 1024

/** The branches that change definitions and are not on main yet, the newest first. */
export async function listProposals(
  session: GitSession,
  memory: { readonly look: LookMemory; proposals: ProposalMemory },
  log: Log,
): Promise<ProposedChange[]> {
  const { main } = await fetchHeads(session)
  const branches = await listBranches(session, main)
  if (branches.length > maximumBranches) log({ event: 'review.branches-passed-over', count: branches.length - maximumBranches })
  const keyOf = ({ name, head }: Branch) => `${name} ${head} ${main}`
  const shown = branches.slice(0, maximumBranches)
  const moved = shown.filter((branch) => !memory.proposals.has(keyOf(branch)))
  const touching = await findTouching(session, moved, main)
  const answers: ProposalMemory = new Map()
  for (const branch of shown) {
    const read = () => (touching.has(branch.head) ? readProposal(session, memory.look, main, branch, log) : undefined)
    const key = keyOf(branch)
    answers.set(key, memory.proposals.has(key) ? memory.proposals.get(key) : await read())
  }
  memory.proposals = answers
  return [...answers.values()].filter((change) => change !== undefined)
}

interface Branch {
  readonly name: string
  readonly head: string
  readonly email: string
}

async function listBranches(session: GitSession, main: string): Promise<Branch[]> {
  const format = '--format=%(objectname) %(refname:lstrip=3) %(authoremail:trim)'
  const listed = await session.ask(['for-each-ref', format, '--sort=-committerdate', `--no-merged=${main}`, 'refs/remotes/origin/'])
  const branches = listed.split('\n').filter(Boolean)
  return branches
    .map((line) => {
      const [head = '', name = '', ...email] = line.split(' ')
      return { head, name, email: email.join(' ') }
    })
    .filter(({ name }) => name !== session.main && !name.startsWith('gantry/'))
}

/** The heads with commits of their own that touch `servers/`: most branches have none, and git tells them apart at once. */
async function findTouching(session: GitSession, branches: readonly Branch[], main: string): Promise<ReadonlySet<string>> {
  if (branches.length === 0) return new Set()
  const heads = branches.map(({ head }) => head)
  const input = [`^${main}`, ...heads].join('\n').concat('\n')
  const limit = `--max-count=${maximumTouches + 1}`
  const commits = (await session.ask(['rev-list', '--stdin', '--full-history', limit, '--', 'servers'], { input }))
    .split('\n')
    .filter(Boolean)
  if (commits.length === 0) return new Set()
  if (commits.length > maximumTouches) return new Set(heads)
  const containing = commits.map((commit) => `--contains=${commit}`)
  return new Set((await session.ask(['for-each-ref', '--format=%(objectname)', ...containing, 'refs/remotes/origin/'])).split('\n'))
}

async function readProposal(
  session: GitSession,
  memory: LookMemory,
  main: string,
  { name, head, email }: Branch,
  log: Log,
): Promise<ProposedChange | undefined> {
  const diff = ['diff', '--raw', '-z', '--no-renames', '--no-abbrev', '--no-ext-diff', `${main}...${head}`, '--', 'servers']
  const { exitCode, stdout } = await session.attempt(diff)
  // Without a common ancestor there is nothing that it proposes to change.
  if (exitCode !== 0) return void log({ event: 'review.branch-unrelated', branch: name })
  const all = parseRawDiff(stdout).flatMap(({ changes }) => changes.filter(({ path }) => definitionPath.test(path)))
  if (all.length > maximumFiles) log({ event: 'review.definitions-passed-over', branch: name, count: all.length - maximumFiles })
  const changes = await withoutMerged(session, memory, { main, head }, all.slice(0, maximumFiles))
  if (changes.length === 0) return undefined
  const files: ProposedFile[] = []
  for (const { path, blob } of changes) files.push({ path, content: blob && (await readContent(session, blob)) })
  return { proposal: { provider: 'git', branch: name, commit: head, by: `git:${oneLine(email)}` }, files }
}

async function withoutMerged(
  session: GitSession,
  memory: LookMemory,
  { main, head }: { readonly main: string; readonly head: string },
  changes: readonly RawChange[],
): Promise<readonly RawChange[]> {
  if (changes.length === 0) return []
  const now = await readFiles(session, main, 'servers/')
  const left = changes.filter(({ path, blob }) => now.get(path) !== blob)
  const changed = new Map(changes.map(({ path, blob }) => [path, blob]))
  const landed = await findLanding(session, await rememberHistory(session, memory, main), main, { commit: head, changed })
  return landed ? [] : left
}

/** A little more than a definition may have, so that its parser refuses what is larger. */
async function readContent(session: GitSession, blob: string): Promise<string> {
  const { exitCode, stdout } = await session.attempt(['cat-file', 'blob', blob], { keepBytes: maximumBytes })
  return exitCode === 0 ? stdout : ''
}
