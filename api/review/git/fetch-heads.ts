import { GantryError } from '../../../schema/error-code.ts'
import { GitFailure } from './git-failure.ts'
import type { GitSession } from './git-session.ts'

export interface Heads {
  /** The tip of the main branch. */
  readonly main: string
  /** Every branch's commit by its name. */
  readonly branches: ReadonlyMap<string, string>
}

const tracked = 'refs/remotes/origin/'
const quietly = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance']

/**
 * Brings the cache up to date and answers where the branches are; `alsoRefs` are patterns that end in `*`. Throws GantryError UNAVAILABLE where the repository cannot
 * be read or has no main branch.
 */
export async function fetchHeads(session: GitSession, alsoRefs: readonly string[] = []): Promise<Heads> {
  const refspecs = [`+refs/heads/*:${tracked}*`, ...alsoRefs.map((pattern) => `+${pattern}:${pattern}`)]
  const { exitCode, words } = await session.speak(['fetch', '--prune', ...quietly, '--', session.address, ...refspecs])
  if (exitCode !== 0) await judgeFetch(session, words)
  const listed = await session.ask(['for-each-ref', '--format=%(objectname) %(refname)', tracked])
  const branches = new Map(
    listed
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(line.indexOf(' ') + 1 + tracked.length), line.slice(0, line.indexOf(' '))] as const),
  )
  const main = branches.get(session.main)
  if (main) return { main, branches }
  const got = branches.size === 0 ? 'no branch at all' : `${[...branches.keys()].slice(0, 5).join(', ')}`
  throw new GantryError(
    'UNAVAILABLE',
    `The review repository ${session.shown} has no branch ${session.main}, it has ${got}. Push a first commit to ${session.main}, or name another main branch.`,
  )
}

/** Fetches refs below `refs/gantry` or `refs/notes`, as far as there are any; the pattern ends in `*`. */
export async function fetchRefs(session: GitSession, pattern: string): Promise<void> {
  const { exitCode, words } = await session.speak(['fetch', ...quietly, '--', session.address, `+${pattern}:${pattern}`])
  if (exitCode !== 0) await judgeFetch(session, words)
}

/** Where the repository answers and yet nothing can be fetched, the cache is at fault. */
async function judgeFetch(session: GitSession, words: string): Promise<never> {
  const { exitCode } = await session.speak(['ls-remote', '--quiet', '--', session.address, `refs/heads/${session.main}`])
  if (exitCode === 0) throw new GitFailure(`git fetch: ${words}`)
  throw new GantryError('UNAVAILABLE', `The review repository ${session.shown} cannot be read: ${words}`)
}
