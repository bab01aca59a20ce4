import type { Review } from '../../../schema/review.ts'
import type { GitSession } from './git-session.ts'
import { parseRawDiff, type RawChange } from './parse-raw-diff.ts'
import { type Files, readFiles } from './read-files.ts'
import { definitionNames, serverDirectory } from './review-names.ts'

export interface ReviewedFiles {
  /** Of the reviewed commit, below the server's directory. */
  readonly files: Files
  /** Those that have to arrive on main as they are, or stay away as they did. */
  readonly paths: ReadonlySet<string>
  /** Whose arrival on main tells of a merge; undefined: it was removed. */
  readonly telling: ReadonlyMap<string, string | undefined>
}

const generatedNames = ['cdk.tf.json', 'server.auto.tfvars.json', 'plan.md']

/**
 * What a review is about. Of ours: what the run generated, told by plan.md, which no other run has. Of a proposal: the
 * definition. Whatever else people keep beside is theirs.
 */
export async function readReviewedFiles(session: GitSession, { commit, serverId, proposed }: Review): Promise<ReviewedFiles> {
  const directory = serverDirectory(serverId)
  const files = await readFiles(session, commit, directory)
  const definitions = definitionNames.map((name) => directory + name)
  if (proposed) {
    const changed = (await readChanges(session, commit, directory)).filter(({ path }) => definitions.includes(path))
    return { files, paths: new Set(definitions), telling: new Map(changed.map(({ path, blob }) => [path, blob])) }
  }
  const own = await session.ask(['diff-tree', '-r', '-z', '--root', '--no-commit-id', commit, '--', directory])
  const changed = parseRawDiff(own).flatMap(({ changes }) => changes.map(({ path }) => path))
  const plan = `${directory}plan.md`
  const blob = files.get(plan)
  const paths = [...definitions, ...generatedNames.map((name) => directory + name), ...changed]
  return { files, paths: new Set(paths), telling: new Map(blob === undefined ? [] : [[plan, blob]]) }
}

/** What a branch changes since it parted from main; without a common ancestor nothing. */
async function readChanges(session: GitSession, commit: string, directory: string): Promise<readonly RawChange[]> {
  const base = await session.attempt(['merge-base', commit, `refs/remotes/origin/${session.main}`])
  if (base.exitCode !== 0) return []
  const diff = await session.ask(['diff-tree', '-r', '-z', base.stdout.trim(), commit, '--', directory])
  return parseRawDiff(diff).flatMap(({ changes }) => changes)
}
