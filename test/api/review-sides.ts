import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createGitReview } from '../../api/review/git/create-git-review.ts'
import type { ReviewProvider } from '../../api/review/review-provider.ts'
import type { Run } from '../../schema/run.ts'
import { createReviewWorld } from './review/git/review-world.ts'
import { createReview } from './review/github/create-review.ts'

type Of = Pick<Run, 'id' | 'serverId'>
type Files = Readonly<Record<string, string>>

/** A review repository as people use it, be it on GitHub or a bare one. */
export interface ReviewSide {
  readonly provider: ReviewProvider
  /** The same as after a restart: it remembers nothing. */
  restart(): ReviewProvider
  /** The branches of runs that are open. */
  open(): string[]
  /** All that is said of a run: the page, comments, notes on its commits. */
  said(run: Of): string
  /** Merges a run's branch as somebody and answers the commit on main. */
  merge(run: Of, how?: 'fast-forward'): string
  close(run: Of): void
  push(run: Of, files: Files): void
  /** Somebody keeps a run's branch under another name. */
  copy(run: Of, branch: string): void
  /** Commits files on a branch of one's own; the same as a pull request where there are such. */
  propose(branch: string, files: Readonly<Record<string, string | null>>): string
  mergeProposal(branch: string): string
  closeProposal(branch: string): void
  readonly ann: string
}

const branchOf = ({ id, serverId }: Of): string => `gantry/${serverId}/${id}`

export async function gitSide(): Promise<ReviewSide> {
  const world = await createReviewWorld()
  onTestFinished(world.remove)
  const { git, inRemote } = world
  let restarts = 0
  function mergeBranch(branch: string, how: string[]): string {
    world.freshMain()
    git('merge', '--quiet', ...how, `origin/${branch}`)
    git('push', '--quiet', 'origin', 'main')
    return git('rev-parse', 'HEAD')
  }
  function pushOn(branch: string, from: string, files: Readonly<Record<string, string | null>>): string {
    git('fetch', '--quiet', '--prune', 'origin')
    git('checkout', '--quiet', '-B', 'work', from)
    const kept = Object.entries(files).flatMap(([path, content]) => (content === null ? [] : [[path, content] as const]))
    for (const [path, content] of Object.entries(files)) if (content === null) git('rm', '--quiet', path)
    const commit = world.commit(`change ${branch}`, Object.fromEntries(kept))
    git('push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`)
    return commit
  }
  const remove = (branch: string): void => void git('push', '--quiet', 'origin', `:refs/heads/${branch}`)
  return {
    provider: world.provider,
    restart: () => createGitReview({ ...world.options, directory: join(world.directory, `restart-${++restarts}`) }),
    open: () => inRemote('for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/gantry/').split('\n').filter(Boolean),
    said: ({ id }) => {
      if (inRemote('for-each-ref', 'refs/notes/gantry') === '') return ''
      const noted = inRemote('notes', '--ref=gantry', 'list').split('\n')
      const notes = noted.map((line) => inRemote('cat-file', 'blob', line.split(' ')[0] ?? ''))
      return notes
        .flatMap((note) => note.split(/^(?=--- Gantry: )/m))
        .filter((section) => section.split('\n')[0]?.includes(id) || section.startsWith('--- Gantry: problems'))
        .join('')
    },
    merge: (run, how) => mergeBranch(branchOf(run), how ? ['--ff-only'] : ['--no-ff', '--no-edit']),
    close: (run) => remove(branchOf(run)),
    push: (run, files) => void pushOn(branchOf(run), `origin/${branchOf(run)}`, files),
    copy: (run, branch) => {
      git('fetch', '--quiet', '--prune', 'origin')
      git('push', '--quiet', 'origin', `refs/remotes/origin/${branchOf(run)}:refs/heads/${branch}`)
    },
    propose: (branch, files) => {
      git('fetch', '--quiet', '--prune', 'origin')
      const there = git('for-each-ref', `refs/remotes/origin/${branch}`) !== ''
      return pushOn(branch, there ? `origin/${branch}` : 'origin/main', files)
    },
    mergeProposal: (branch) => mergeBranch(branch, ['--no-ff', '--no-edit']),
    closeProposal: remove,
    ann: 'git:ann@example.com',
  }
}

export interface GitHubSide extends ReviewSide {
  readonly world: Awaited<ReturnType<typeof createReview>>
  number(run: Of): number
}

export async function githubSide(): Promise<GitHubSide> {
  const world = await createReview()
  const { hub } = world
  const numberOf = (branch: string): number => {
    const found = [...hub.pulls.values()].findLast(({ headRef }) => headRef === branch)
    if (!found) throw new Error(`no pull request of ${branch}`)
    return found.number
  }
  const mergePull = (number: number): string => hub.merge(number, { by: 'ann' })
  return {
    world,
    number: (run) => numberOf(branchOf(run)),
    provider: world.review,
    restart: world.restart,
    open: () =>
      [...hub.pulls.values()]
        .filter(({ state, headRef }) => state === 'open' && headRef.startsWith('gantry/'))
        .map(({ headRef }) => headRef),
    said: (run) => {
      const of = [...hub.pulls.values()].filter(({ headRef }) => headRef === branchOf(run) || !headRef.startsWith('gantry/'))
      return of
        .flatMap(({ body, comments, reviews }) => [
          body,
          ...comments.map((one) => one.body),
          ...reviews.flatMap((one) => [
            one.body,
            ...one.comments.map(({ path, line, body: text }) => `${path}:${line}: ${text.split('\n')[1]}`),
          ]),
        ])
        .join('\n')
    },
    merge: (run) => mergePull(numberOf(branchOf(run))),
    close: (run) => void hub.close(numberOf(branchOf(run)), 'ann'),
    push: (run, files) => void hub.push(branchOf(run), files),
    copy: (run, branch) => hub.setRef(`heads/${branch}`, hub.shaOf(branchOf(run))),
    propose: (branch, files) => {
      const commit = hub.push(branch, files)
      if (![...hub.pulls.values()].some((pull) => pull.headRef === branch && pull.state === 'open')) hub.openPull({ branch, by: 'ann' })
      return commit
    },
    mergeProposal: (branch) => mergePull(numberOf(branch)),
    closeProposal: (branch) => void hub.close(numberOf(branch), 'ann'),
    ann: 'github:ann',
  }
}

/** The scenarios of both. */
export const sides = [
  ['plain Git', gitSide],
  ['GitHub', githubSide],
] as const satisfies readonly (readonly [string, () => Promise<ReviewSide>])[]
