import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A person with an ordinary git and a clone of the repository. */
export async function gitClient(repository: string, email = 'ann@example.com') {
  const directory = await mkdtemp(join(tmpdir(), 'gantry-git-'))
  const person = { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: email }
  const env = { PATH: process.env.PATH, HOME: directory, ...person, GIT_CONFIG_NOSYSTEM: '1' }
  const git = async (...args: string[]): Promise<string> => (await run('git', args, { cwd: join(directory, 'clone'), env })).stdout.trim()
  await run('git', ['clone', '-q', repository, join(directory, 'clone')], { env })
  return {
    git,
    /** Commits files on a branch made from main, and pushes it. */
    async push(branch: string, files: Record<string, string>): Promise<string> {
      await git('fetch', '-q', 'origin')
      await git('checkout', '-q', '-B', branch, 'origin/main')
      for (const [path, content] of Object.entries(files)) {
        const file = join(directory, 'clone', path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, content)
      }
      await git('add', '-A')
      await git('commit', '-qm', `change ${Object.keys(files).join(', ')}`)
      await git('push', '-q', '-f', 'origin', branch)
      return git('rev-parse', 'HEAD')
    },
    /** Merges a branch into main the way that the arguments say, and pushes main. */
    async merge(branch: string, ...how: string[]): Promise<string> {
      await git('fetch', '-q', 'origin')
      await git('checkout', '-q', '-B', 'main', 'origin/main')
      await git('merge', '-q', ...how, `origin/${branch}`)
      if (how.includes('--squash')) await git('commit', '-qm', `squashed ${branch}`)
      await git('push', '-q', 'origin', 'main')
      return git('rev-parse', 'HEAD')
    },
    close: () => rm(directory, { recursive: true, force: true }),
  }
}
