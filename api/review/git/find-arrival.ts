import type { GitSession } from './git-session.ts'
import type { MainCommit } from './read-main-history.ts'

/** Those of the commits that main has taken in by history: by a merge commit or a fast-forward. */
export async function findOnMain(session: GitSession, commits: readonly string[], main: string): Promise<ReadonlySet<string>> {
  const input = [`^${main}`, ...commits].join('\n').concat('\n')
  const outside = new Set(commits.length > 0 ? (await session.ask(['rev-list', '--stdin'], { input })).split('\n') : [])
  return new Set(commits.filter((commit) => !outside.has(commit)))
}

/** The first-parent commit of main that took a commit in; the commit itself after a fast-forward. */
export async function findMerge(session: GitSession, commit: string, main: string): Promise<string> {
  const since = await session.ask(['rev-list', '--first-parent', '--ancestry-path', `${commit}..${main}`])
  const first = since.trim().split('\n').at(-1)
  if (!first) return commit
  const parent = await session.ask(['rev-parse', '--verify', `${first}^1`])
  return parent.trim() === commit ? commit : first
}

/**
 * The first commit of main since the branches parted after which all that `commit` changed is on main: how squashes and
 * rebases show. `wanted` names the paths that count.
 */
export async function findLanding(
  session: GitSession,
  history: readonly MainCommit[],
  main: string,
  wanted: { readonly commit: string; readonly changed: ReadonlyMap<string, string | undefined> },
): Promise<MainCommit | undefined> {
  const { commit, changed } = wanted
  const isCandidate = ({ changes }: MainCommit) => changes.some(({ path, blob }) => changed.has(path) && changed.get(path) === blob)
  if (changed.size === 0 || !history.some(isCandidate)) return undefined
  const base = await session.attempt(['merge-base', main, commit])
  if (base.exitCode !== 0) return undefined
  const since = new Set((await session.ask(['rev-list', '--first-parent', `${base.stdout.trim()}..${main}`])).split('\n'))
  const there = new Set<string>()
  return history.toReversed().find((entry) => {
    if (!since.has(entry.commit)) return false
    for (const { path, blob } of entry.changes) {
      if (!changed.has(path)) continue
      if (changed.get(path) === blob) there.add(path)
      else there.delete(path)
    }
    return there.size === changed.size
  })
}
