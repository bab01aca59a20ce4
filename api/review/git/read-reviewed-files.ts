import type { Review } from '../../../schema/review.ts'
import type { GitSession } from './git-session.ts'
import { parseRawDiff } from './parse-raw-diff.ts'
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
  const base = await session.attempt(
    proposed ? ['merge-base', commit, `refs/remotes/origin/${session.main}`] : ['rev-parse', `${commit}^1`],
  )
  const since =
    base.exitCode === 0
      ? ['diff-tree', '-r', '-z', base.stdout.trim(), commit]
      : ['diff-tree', '-r', '-z', '--root', '--no-commit-id', commit]
  const changes = parseRawDiff(await session.ask([...since, '--', directory])).flatMap((entry) => entry.changes)
  if (proposed) {
    const changed = changes.filter(({ path }) => definitions.includes(path)).map(({ path, blob }) => [path, blob] as const)
    return { files, paths: new Set(definitions), telling: new Map(changed) }
  }
  const plan = `${directory}plan.md`
  const paths = [...definitions, ...generatedNames.map((name) => directory + name), ...changes.map(({ path }) => path)]
  return { files, paths: new Set(paths), telling: new Map([[plan, files.get(plan)]]) }
}
