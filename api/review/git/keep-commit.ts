import type { GitSession } from './git-session.ts'
import { pushRefs } from './push-refs.ts'
import { keptRef } from './review-names.ts'

/**
 * Keeps a run's commit within reach, here and there, after its branch has gone. Where the other side takes no other refs than
 * branches it is kept here only.
 */
export async function keepCommit(session: GitSession, runId: string, commit: string): Promise<void> {
  await pushRefs(session, [`${commit}:${keptRef(runId)}`])
  await session.attempt(['update-ref', keptRef(runId), commit])
}
