import { createHash } from 'node:crypto'

export interface File {
  readonly content: Buffer
  readonly mode: string
}
export type Files = ReadonlyMap<string, File>

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
}

export interface TreeEntry {
  readonly name: string
  readonly mode: string
  readonly type: 'blob' | 'tree'
  readonly sha: string
}

const idOf = (type: string, bytes: Uint8Array) => createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')

/** Git's objects in memory, with git's own ids of blobs and trees. */
export function createGitObjects() {
  const blobs = new Map<string, Buffer>()
  const trees = new Map<string, Files>()
  const commits = new Map<string, Commit>()

  function blob(content: Buffer): string {
    const sha = idOf('blob', content)
    blobs.set(sha, content)
    return sha
  }

  /** The entries of one directory of a tree; '' is its root. */
  function entries(files: Files, directory: string): TreeEntry[] {
    const prefix = directory === '' ? '' : `${directory}/`
    const found = new Map<string, TreeEntry>()
    for (const [path, { content, mode }] of files) {
      if (!path.startsWith(prefix)) continue
      const [name = '', ...below] = path.slice(prefix.length).split('/')
      if (below.length === 0) found.set(name, { name, mode, type: 'blob', sha: blob(content) })
      else if (!found.has(name)) found.set(name, { name, mode: '040000', type: 'tree', sha: treeId(files, `${prefix}${name}`) })
    }
    const order = ({ name, type }: TreeEntry) => (type === 'tree' ? `${name}/` : name)
    return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1))
  }

  function treeId(files: Files, directory: string): string {
    const lines = entries(files, directory).map(({ mode, name, sha }) =>
      Buffer.concat([Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`), Buffer.from(sha, 'hex')]),
    )
    return idOf('tree', Buffer.concat(lines))
  }

  function tree(files: Files): string {
    const sha = treeId(files, '')
    trees.set(sha, files)
    return sha
  }

  function commit(files: Files, parents: readonly string[], message: string): Commit {
    const made = { tree: tree(files), parents, message }
    const sha = idOf('commit', Buffer.from(JSON.stringify(made)))
    commits.set(sha, { sha, ...made })
    return { sha, ...made }
  }

  const filesOf = (sha: string): Files => trees.get(commits.get(sha)?.tree ?? '') ?? new Map()

  function ancestors(sha: string): string[] {
    const found: string[] = []
    for (const queue = [sha]; queue.length > 0; ) {
      const next = queue.shift() ?? ''
      if (found.includes(next)) continue
      found.push(next)
      queue.push(...(commits.get(next)?.parents ?? []))
    }
    return found
  }
  const mergeBase = (one: string, other: string): string => ancestors(one).find((sha) => ancestors(other).includes(sha)) ?? ''

  /** What differs from `base` in `head`, on top of `onto`. */
  function merged(base: string, head: string, onto: string): Files {
    const [before, after, result] = [filesOf(base), filesOf(head), new Map(filesOf(onto))]
    for (const [path, file] of after) if (!before.get(path)?.content.equals(file.content)) result.set(path, file)
    for (const path of before.keys()) if (!after.has(path)) result.delete(path)
    return result
  }
  return { blobs, trees, commits, blob, entries, tree, commit, filesOf, mergeBase, merged }
}
export type GitObjects = ReturnType<typeof createGitObjects>
