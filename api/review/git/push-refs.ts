import type { GitSession } from './git-session.ts'
import { maskCredentials } from './mask-credentials.ts'
import { keptRef } from './review-names.ts'

export interface PushResult {
  readonly pushed: boolean
  /** Git's own, and what the other side said. */
  readonly words: string
}

/**
 * Keeps a run's commit within reach, here and there, after its branch has gone. Where the other side takes no other refs than
 * branches it is kept here only.
 */
export async function keepCommit(session: GitSession, runId: string, commit: string): Promise<void> {
  await pushRefs(session, [`${commit}:${keptRef(runId)}`])
  await session.attempt(['update-ref', keptRef(runId), commit])
}

/** Pushes refspecs as they are; `options` are push's own. Never forces. */
export async function pushRefs(session: GitSession, refspecs: readonly string[], options: readonly string[] = []): Promise<PushResult> {
  const { exitCode, stdout, words } = await session.speak([
    'push',
    '--porcelain',
    '--quiet',
    '--no-follow-tags',
    '--no-verify',
    ...options,
    '--',
    session.address,
    ...refspecs,
  ])
  if (exitCode === 0) return { pushed: true, words: '' }
  const refused = stdout.split('\n').filter((line) => line.startsWith('!'))
  return { pushed: false, words: maskCredentials([words, ...refused].join('; ')).slice(0, 1200) }
}
