import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { GantryError } from '../../../schema/error-code.ts'
import { runGit } from './run-git.ts'

const readme = (main: string) => `# Review repository

Gantry asks here before it changes a server's infrastructure.
Every plan that waits is a branch \`gantry/<server>/<run>\`; \`servers/<server>/plan.md\` on it says what would be done.

- Merge the branch into \`${main}\` and push: exactly that plan is applied.
- Delete the branch: the plan is discarded.
- Push other files to the branch: the plan is stale, and nothing of it is applied.
- Commit \`servers/<server>/definition.json\` (or \`.yaml\`) on a branch of your own: it is planned, and merging it applies it.
- \`git fetch origin refs/notes/gantry:refs/notes/gantry && git log --notes=gantry\` shows how each of them stands.
`

/**
 * Makes a bare repository with a first commit on main, where there is none; a repository that is there stays as it is.
 * Throws GantryError INVALID_REQUEST where the directory holds something else.
 */
export async function createBareRepository(directory: string, main: string): Promise<void> {
  const there = await readdir(directory).catch((): string[] => [])
  if (there.includes('HEAD') && there.includes('objects')) return commitReadme(directory, main)
  if (there.length > 0) {
    throw new GantryError('INVALID_REQUEST', `${directory} is not empty and no bare Git repository; name an empty directory for reviews.`)
  }
  await mkdir(dirname(directory), { recursive: true })
  // Killed half-way, this leaves nothing that would be taken for the repository.
  const draft = await mkdtemp(join(dirname(directory), `.${basename(directory)}-`))
  try {
    await git(draft, ['init', '--quiet', '--bare', '--template=', '--', draft])
    await commitReadme(draft, main)
    await rename(draft, directory)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function commitReadme(directory: string, main: string): Promise<void> {
  const branch = `refs/heads/${main}`
  const listed = await git(directory, ['for-each-ref', '--format=%(refname)', branch])
  if (listed !== '') return
  const blob = await git(directory, ['hash-object', '-w', '--stdin'], readme(main))
  const tree = await git(directory, ['mktree'], `100644 blob ${blob}\tREADME.md\n`)
  const commit = await git(directory, ['commit-tree', '-m', 'docs: what this repository is for', tree])
  await git(directory, ['update-ref', branch, commit, ''])
  await git(directory, ['symbolic-ref', 'HEAD', branch])
}

async function git(directory: string, args: readonly string[], input?: string): Promise<string> {
  const who = { GIT_AUTHOR_NAME: 'Gantry', GIT_AUTHOR_EMAIL: 'gantry@localhost' }
  const env = { GIT_DIR: directory, ...who, GIT_COMMITTER_NAME: who.GIT_AUTHOR_NAME, GIT_COMMITTER_EMAIL: who.GIT_AUTHOR_EMAIL }
  const result = await runGit({
    args,
    home: dirname(directory),
    env,
    timeoutMilliseconds: 20_000,
    ...(input === undefined ? {} : { input }),
  })
  if (result.exitCode === 0) return result.stdout.trim()
  throw new GantryError('UNAVAILABLE', `The review repository ${directory} cannot be made: git ${args[0]} said ${result.words}`)
}
