import type { GitSession } from './git-session.ts'
import { oneLine } from './one-line.ts'
import { parseRawDiff, type RawChange } from './parse-raw-diff.ts'
import { runTrailer } from './review-names.ts'

/** One step of the main branch, whatever way it was merged. */
export interface MainCommit {
  readonly commit: string
  readonly parents: readonly string[]
  /** `git:<e-mail>` of whoever committed it. */
  readonly by: string
  /** The runs its message names. */
  readonly runs: readonly string[]
  /** Below `servers/`, against its first parent. */
  readonly changes: readonly RawChange[]
}

const maximumCommits = 1000
const format = '--format=%x01%H%x1f%P%x1f%ce%x1f%B'

/** The newest first-parent commits of main that touch `servers/`, newest first. */
export async function readMainHistory(session: GitSession, tip: string): Promise<MainCommit[]> {
  const range = ['--first-parent', '--diff-merges=first-parent', `--max-count=${maximumCommits}`, tip]
  const output = await session.ask(['log', '-z', '--raw', '--no-renames', '--no-abbrev', format, ...range, '--', 'servers'])
  return parseRawDiff(output).map(({ head, changes }) => {
    const [commit = '', parents = '', email = '', ...message] = head.split('\u001f')
    const named = message.join('').matchAll(new RegExp(`^\\s*${runTrailer}: (\\S+)`, 'gm'))
    return {
      commit,
      parents: parents.split(' ').filter(Boolean),
      by: `git:${oneLine(email)}`,
      runs: [...named].map(([, run]) => run ?? ''),
      changes,
    }
  })
}
