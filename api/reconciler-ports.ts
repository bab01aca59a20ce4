import type { RunnerBuild } from '../aws/builds.ts'
import type { FreedLock, LockProof } from '../aws/state-lock.ts'
import type { ApiPorts } from './ports.ts'
import type { ReviewProvider } from './review/review-provider.ts'

/** What the reconciler needs from outside. */
export interface ReconcilerPorts extends ApiPorts {
  /** What became of builds; ids that CodeBuild does not know are left out. */
  readBuilds(ids: readonly string[]): Promise<Map<string, RunnerBuild>>
  /** Frees the lock on a state, only with proof. */
  freeStateLock(stateKey: string, proof: LockProof): Promise<FreedLock>
  /** Where plans are reviewed as pull requests. */
  readonly review: ReviewProvider | undefined
}
