import type { GitSession } from './git-session.ts'
import { maskCredentials } from './mask-credentials.ts'

export interface PushResult {
  readonly pushed: boolean
  /** Git's own, and what the other side said. */
  readonly words: string
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
