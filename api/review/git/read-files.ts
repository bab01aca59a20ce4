import type { GitSession } from './git-session.ts'

/** Blob ids by path; a path that is not in it is not there. */
export type Files = ReadonlyMap<string, string>

/** The files below a directory (`servers/docs/`) of a commit. Throws GitFailure where the commit is not in the cache. */
export async function readFiles(session: GitSession, commit: string, directory: string): Promise<Files> {
  const listed = await session.ask(['ls-tree', '-r', '-z', '--full-tree', commit, '--', directory])
  return new Map(
    listed
      .split('\0')
      .filter(Boolean)
      .map((line) => {
        const [meta = '', path = ''] = line.split('\t', 2)
        return [path, meta.split(' ')[2] ?? '']
      }),
  )
}

/** Of the paths that count, those whose blobs differ. */
export function differing(paths: Iterable<string>, ours: Files, theirs: Files): string[] {
  return [...paths].filter((path) => ours.get(path) !== theirs.get(path))
}
