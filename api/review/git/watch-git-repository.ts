import { type FSWatcher, watch } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { GitReviewOptions } from './git-review-options.ts'
import { parseRemote } from './parse-remote.ts'
import { runGit } from './run-git.ts'

const settleMilliseconds = 100
const localPollMilliseconds = 2000
const remotePollMilliseconds = 5000

/**
 * Tells when a branch of the repository has moved, come or gone: of one on this machine at once and without running git, of
 * any other within seconds. Tells once at the start, too. Only a hint: what moved is for `look` to say.
 */
export function watchGitRepository(
  options: Pick<GitReviewOptions, 'remote' | 'directory' | 'timeoutMilliseconds'>,
  onChange: () => void,
): { close(): void } {
  const remote = parseRemote(options.remote)
  const { path } = remote
  const read = path === undefined ? () => listRemote(options) : () => readMarks(path).catch(() => 'nothing there')
  const ending = new AbortController()
  let last: string | undefined
  let settling = false
  let timer: NodeJS.Timeout | undefined
  let watchers: FSWatcher[] = []

  const check = async (): Promise<void> => {
    settling = false
    if (path !== undefined && watchers.length === 0) watchers = watchBranches(path, soon, dropWatchers)
    const now = await read().catch(() => undefined)
    if (ending.signal.aborted) return
    if (now !== undefined && now !== last) onChange()
    last = now ?? last
    if (!settling) later(path === undefined ? remotePollMilliseconds : localPollMilliseconds)
  }
  const later = (milliseconds: number): void => {
    clearTimeout(timer)
    timer = setTimeout(check, milliseconds)
  }
  const soon = (): void => {
    if (!settling) later(settleMilliseconds)
    settling = true
  }
  const dropWatchers = (): void => {
    for (const watcher of watchers) watcher.close()
    watchers = []
  }
  void check()
  return {
    close: () => {
      ending.abort()
      clearTimeout(timer)
      dropWatchers()
    },
  }
}

/** Branches are files below refs/heads or lines of packed-refs; what this misses, the slow poll finds. */
function watchBranches(path: string, onEvent: () => void, onError: () => void): FSWatcher[] {
  try {
    const watchers = [watch(path, onEvent), watch(join(path, 'refs', 'heads'), { recursive: true }, onEvent)]
    for (const watcher of watchers) watcher.on('error', onError)
    return watchers
  } catch {
    return []
  }
}

/** Changes with every branch. */
async function readMarks(path: string): Promise<string> {
  const heads = await readdir(join(path, 'refs', 'heads'), { recursive: true })
  const files = ['packed-refs', 'HEAD', join('reftable', 'tables.list'), ...heads.sort().map((name) => join('refs', 'heads', name))]
  const marks = files.map(async (file) => {
    const found = await stat(join(path, file)).catch(() => undefined)
    return found?.isFile() && !file.endsWith('.lock') ? `${file} ${found.ino} ${found.mtimeMs} ${found.size}` : ''
  })
  return (await Promise.all(marks)).join('\n')
}

async function listRemote({
  remote,
  directory,
  timeoutMilliseconds = 20_000,
}: Pick<GitReviewOptions, 'remote' | 'directory' | 'timeoutMilliseconds'>) {
  const { address, env } = parseRemote(remote)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const args = ['ls-remote', '--quiet', '--heads', '--', address]
  const { exitCode, stdout } = await runGit({ args, home: directory, env, timeoutMilliseconds })
  return exitCode === 0 ? stdout : undefined
}
