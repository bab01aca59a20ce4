import { join } from 'node:path'
import { GantryError } from '../../../schema/error-code.ts'
import { clearLocks } from './clear-locks.ts'
import { GitFailure } from './git-failure.ts'
import type { GitReviewOptions } from './git-review-options.ts'
import { parseRemote } from './parse-remote.ts'
import { type GitCall, type GitResult, runGit } from './run-git.ts'

type Extra = Pick<GitCall, 'env' | 'input' | 'keepBytes'>

/** Git on the cache, for one piece of work at a time. */
export interface GitSession {
  /** The main branch's name. */
  readonly main: string
  readonly author: GitReviewOptions['author']
  /** The cache: a bare repository. */
  readonly directory: string
  /** Where the repository is, for git (after `--`) and for people. */
  readonly address: string
  readonly shown: string
  /** Standard output of a local question; throws GitFailure where git exits with anything but 0. */
  ask(args: readonly string[], extra?: Extra): Promise<string>
  /** A local question whose exit code is an answer. */
  attempt(args: readonly string[], extra?: Extra): Promise<GitResult>
  /** A call that speaks to the other side. Throws GantryError UNAVAILABLE where it takes too long. */
  speak(args: readonly string[]): Promise<GitResult>
}

const defaultTimeoutMilliseconds = 20_000

export function createGitSession(options: GitReviewOptions): GitSession {
  const { author, main } = options
  const directory = join(options.directory, 'cache.git')
  const remote = parseRemote(options.remote)
  const timeoutMilliseconds = options.timeoutMilliseconds ?? defaultTimeoutMilliseconds
  const env = {
    GIT_DIR: directory,
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  }
  const run = async (args: readonly string[], extra: Extra = {}): Promise<GitResult> => {
    const result = await runGit({ timeoutMilliseconds, home: options.directory, args, ...extra, env: { ...env, ...extra.env } })
    if (result.exitCode === null) await clearLocks(directory)
    if (!result.timedOut) return result
    const message = `git ${args[0]} had no answer from the review repository ${remote.shown} after ${timeoutMilliseconds / 1000} s. It is tried again; see whether the repository can be reached from here.`
    throw new GantryError('UNAVAILABLE', message)
  }
  return {
    main,
    author,
    directory,
    address: remote.address,
    shown: remote.shown,
    attempt: run,
    speak: (args) => run(args, { env: remote.env }),
    ask: async (args, extra) => {
      const { exitCode, stdout, words } = await run(args, extra)
      if (exitCode !== 0) throw new GitFailure(`git ${args[0]} ended with ${exitCode}: ${words}`)
      return stdout
    },
  }
}
