import type { GitHub } from './github.ts'
import { unless } from './status-of.ts'

interface Entry {
  /** Git's id of the content: of a file its blob. */
  readonly sha: string
  readonly type: string
  readonly size: number
}
export type Directory = ReadonlyMap<string, Entry>

const mostKept = 500

/** Reads directories of commits, by name of entry; a commit never changes, so each is asked for once. */
export function createDirectories(github: GitHub): (commit: string, path: string) => Promise<Directory> {
  const kept = new Map<string, Directory>()
  return async (commit, path) => {
    const key = `${commit}:${path}`
    const found = kept.get(key) ?? (await readDirectory(github, commit, path))
    if (kept.size >= mostKept) kept.clear()
    kept.set(key, found)
    return found
  }
}

async function readDirectory({ call, at }: GitHub, commit: string, path: string): Promise<Directory> {
  const response = await unless([404], call('GET /repos/{owner}/{repo}/contents/{path}', { ...at, path, ref: commit }), undefined)
  // No such directory, or no such commit for us: only the first is an answer.
  if (!response) await call('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { ...at, commit_sha: commit })
  const entries = response && Array.isArray(response.data) ? response.data : []
  return new Map(entries.map(({ name, sha, type, size }) => [name, { sha, type, size }]))
}

/** Whether two directories hold the same, byte for byte; `only` leaves out what it does not match. */
export function isSameDirectory(one: Directory, other: Directory, only = /^/): boolean {
  const chosen = (directory: Directory) => [...directory].filter(([name]) => only.test(name))
  const [left, right] = [chosen(one), chosen(other)]
  return (
    left.length === right.length && left.every(([name, { sha, type }]) => other.get(name)?.sha === sha && other.get(name)?.type === type)
  )
}
