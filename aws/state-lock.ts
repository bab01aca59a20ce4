import type { S3Client } from '@aws-sdk/client-s3'
import { deleteObjectIfUnchanged, getObject } from './objects.ts'

/** What Terraform's S3 backend writes beside a state that is being changed. */
export interface StateLock {
  readonly id: string
  readonly operation: string
  readonly who: string
  readonly createdAt: Date
  /** Of the lock object as it was inspected. */
  readonly etag: string
}

const lockKey = (stateKey: string): string => `${stateKey}.tflock`

/** The lock on a state, or undefined where nobody holds it. */
export async function inspectStateLock(s3: S3Client, bucket: string, stateKey: string): Promise<StateLock | undefined> {
  const object = await getObject(s3, bucket, lockKey(stateKey))
  if (!object) return undefined
  const info = JSON.parse(object.body.toString('utf8')) as Record<string, unknown>
  return {
    id: String(info.ID ?? ''),
    operation: String(info.Operation ?? ''),
    who: String(info.Who ?? ''),
    createdAt: new Date(String(info.Created ?? 0)),
    etag: object.etag,
  }
}

/** Why a lock is nobody's any more. Every part is asked of its own source just before. */
export interface LockProof {
  readonly runStartedAt: Date
  /** The run holds, or held until it was ended, the server's applying lease. */
  readonly heldApplyingLease: boolean
  readonly buildEnded: boolean
}

/** The first thing that speaks against freeing, or undefined where the proof is whole. */
function whyKeepLock(lock: StateLock, proof: LockProof): string | undefined {
  if (!proof.buildEnded) return 'the build of the run has not ended'
  if (!proof.heldApplyingLease) return 'the run did not hold the applying lease of the server'
  if (Number.isNaN(lock.createdAt.getTime())) return 'nobody can tell when the lock was made'
  if (lock.createdAt < proof.runStartedAt) return `the lock is older than the run (${lock.createdAt.toISOString()})`
  return undefined
}

export type FreedLock = { readonly freed: true; readonly lock: StateLock } | { readonly freed: false; readonly reason: string }

/** Frees the state lock that a dead run left, with proof, and only exactly the lock that was inspected. */
export async function freeStateLock(s3: S3Client, bucket: string, stateKey: string, proof: LockProof): Promise<FreedLock> {
  const lock = await inspectStateLock(s3, bucket, stateKey)
  if (!lock) return { freed: false, reason: 'there is no lock' }
  const reason = whyKeepLock(lock, proof)
  if (reason) return { freed: false, reason }
  const deleted = await deleteObjectIfUnchanged(s3, bucket, lockKey(stateKey), lock.etag)
  return deleted ? { freed: true, lock } : { freed: false, reason: 'the lock changed while it was inspected' }
}
