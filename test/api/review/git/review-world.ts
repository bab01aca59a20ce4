import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { createBareRepository } from '../../../../api/review/git/create-bare-repository.ts'
import { createGitReview } from '../../../../api/review/git/create-git-review.ts'
import type { GitReviewOptions } from '../../../../api/review/git/git-review-options.ts'
import type { OpenedReview, ReviewPage, ReviewRequest } from '../../../../api/review/review-provider.ts'
import type { Review } from '../../../../schema/review.ts'

const createdAt = '2026-11-21T10:00:00.000Z'

/** The ordinary git client in a directory, as Ann. */
export function gitIn(directory: string): (...args: string[]) => string {
  const who = {
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@example.com',
    GIT_COMMITTER_NAME: 'Ann',
    GIT_COMMITTER_EMAIL: 'ann@example.com',
  }
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_EDITOR: 'true',
    ...who,
  }
  return (...args) => execFileSync('git', args, { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

let template: Promise<string> | undefined
afterAll(async () => template && rmSync(await template, { recursive: true }))

/** Made once for a test file and copied from then on: that is ten processes less for each test. */
async function makeTemplate(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-review-'))
  await createBareRepository(join(directory, 'remote.git'), 'main')
  gitIn(directory)('clone', '--quiet', 'remote.git', 'clone')
  gitIn(join(directory, 'clone'))('remote', 'set-url', 'origin', '../remote.git')
  return directory
}

/** A bare repository, a provider that uses it, and a clone in which people work. */
export async function createReviewWorld(changes: Partial<GitReviewOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-review-'))
  template ??= makeTemplate()
  cpSync(await template, directory, { recursive: true })
  const remote = join(directory, 'remote.git')
  const clone = join(directory, 'clone')
  const git = gitIn(clone)
  const options: GitReviewOptions = {
    remote,
    main: 'main',
    directory: join(directory, 'provider'),
    author: { name: 'Gantry', email: 'gantry@example.com' },
    ...changes,
  }
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(clone, path)), { recursive: true })
    writeFileSync(join(clone, path), content)
  }
  return {
    directory,
    remote,
    options,
    provider: createGitReview(options),
    git,
    /** A branch or object of the repository, as it is now. */
    inRemote: gitIn(remote),
    write,
    commit: (message: string, files: Readonly<Record<string, string>>): string => {
      for (const [path, content] of Object.entries(files)) write(path, content)
      git('add', '--all')
      git('commit', '--quiet', '--message', message)
      return git('rev-parse', 'HEAD')
    },
    /** Fetches everything and stands on a fresh main. */
    freshMain: (): void => {
      git('fetch', '--quiet', '--prune', 'origin')
      git('checkout', '--quiet', '-B', 'main', 'origin/main')
    },
    /** A hook of the repository's own. */
    hook: (name: string, script: string): void => {
      mkdirSync(join(remote, 'hooks'), { recursive: true })
      writeFileSync(join(remote, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

export type ReviewWorld = Awaited<ReturnType<typeof createReviewWorld>>

export function planRequest(runId: string, serverId = 'docs', changes: Partial<ReviewRequest> = {}): ReviewRequest {
  return {
    runId,
    serverId,
    files: {
      [`servers/${serverId}/definition.json`]: `{"name":"${serverId}"}\n`,
      [`servers/${serverId}/cdk.tf.json`]: `{"run":"${runId}"}\n`,
      [`servers/${serverId}/plan.md`]: `# Plan of run ${runId}\n`,
    },
    page: planPage(),
    createdBy: 'user:ben',
    createdAt,
    ...changes,
  }
}

export function planPage(changes: Partial<ReviewPage> = {}): ReviewPage {
  return {
    stage: 'planned',
    title: 'Update docs',
    body: '1 to change',
    summary: '1 to change.',
    url: 'https://gantry.example/runs/1',
    ...changes,
  }
}

export function reviewOf(request: ReviewRequest, opened: OpenedReview): Review {
  return {
    format: 1,
    runId: request.runId,
    serverId: request.serverId,
    provider: 'git',
    branch: opened.branch,
    commit: opened.commit,
    proposed: request.proposal !== undefined,
    shown: '',
    ended: false,
    version: 0,
    createdAt,
    updatedAt: createdAt,
  }
}

/** Opens a request and answers its record. */
export async function openIn(world: Pick<ReviewWorld, 'provider'>, request: ReviewRequest): Promise<Review> {
  return reviewOf(request, await world.provider.open(request))
}
