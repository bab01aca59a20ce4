import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { GantryError } from '../../../schema/error-code.ts'
import { clearLocks } from './clear-locks.ts'
import { createQueue } from './create-queue.ts'
import { GitFailure } from './git-failure.ts'
import type { GitSession } from './git-session.ts'

/** Does work with the cache; one after the other. */
export type UseCache = <T>(work: (session: GitSession) => Promise<T>) => Promise<T>

/** The cache holds nothing that the repository has not: where git cannot read it, it is made anew and the work done again. */
export function createGitCache(session: GitSession): UseCache {
  const inTurn = createQueue()
  let ready = false
  return (work) =>
    inTurn(async () => {
      try {
        if (!ready) await openCache(session)
        ready = true
        return await work(session)
      } catch (error) {
        if (!(error instanceof GitFailure)) throw toUnavailable(error)
        ready = false
      }
      try {
        await rm(session.directory, { recursive: true, force: true })
        await openCache(session)
        ready = true
        return await work(session)
      } catch (error) {
        throw toUnavailable(error)
      }
    })
}

async function openCache(session: GitSession): Promise<void> {
  await mkdir(dirname(session.directory), { recursive: true, mode: 0o700 })
  await clearLocks(session.directory)
  const { stdout } = await session.attempt(['rev-parse', '--is-bare-repository'])
  if (stdout.trim() !== 'true') {
    await rm(session.directory, { recursive: true, force: true })
    await session.ask(['init', '--quiet', '--bare', '--template=', '--', session.directory])
  }
  await session.attempt(['-c', 'gc.auto=6700', '-c', 'gc.autoDetach=false', 'gc', '--auto', '--quiet'])
}

function toUnavailable(error: unknown): Error {
  if (error instanceof GantryError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new GantryError('UNAVAILABLE', `The review repository's cache cannot be used: ${message}`, { cause: error })
}
