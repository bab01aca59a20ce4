import { randomUUID } from 'node:crypto'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { type AwsClients, createAwsClients } from '../../aws/clients.ts'
import { deleteObjectIfUnchanged, getObject, putObject } from '../../aws/objects.ts'
import { freeStateLock, inspectStateLock, type LockProof } from '../../aws/state-lock.ts'

const bucket = `locks-${randomUUID()}`
const created = '2026-02-03T04:05:06.789Z'
const proof: LockProof = { runStartedAt: new Date('2026-02-03T04:00:00Z'), heldApplyingLease: true, buildEnded: true }

let clients: AwsClients
beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  clients = createAwsClients({ region: 'us-east-1', endpoint: inject('emulatorUrl') })
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }))
})

/** As Terraform's S3 backend writes it. */
async function lock(key: string, more: object = {}): Promise<void> {
  const info = {
    ID: randomUUID(),
    Operation: 'OperationTypeApply',
    Info: '',
    Who: 'root@build',
    Version: '1.11.4',
    Created: created,
    Path: key,
  }
  await putObject(clients.s3, bucket, `${key}.tflock`, JSON.stringify({ ...info, ...more }), 'application/json')
}

const free = (key: string, some: Partial<LockProof> = {}) => freeStateLock(clients.s3, bucket, key, { ...proof, ...some })
const isLocked = async (key: string): Promise<boolean> => (await getObject(clients.s3, bucket, `${key}.tflock`)) !== undefined

describe('freeing a state lock', () => {
  test('tells who holds it', async () => {
    await lock('held')
    expect(await inspectStateLock(clients.s3, bucket, 'held')).toMatchObject({
      operation: 'OperationTypeApply',
      who: 'root@build',
      createdAt: new Date(created),
    })
  })

  test('frees it where the proof is whole', async () => {
    await lock('whole')
    expect(await free('whole')).toMatchObject({ freed: true })
    expect(await isLocked('whole')).toBe(false)
  })

  test.each([
    ['the build goes on', { buildEnded: false }, 'build'],
    ['the run did not hold the lease', { heldApplyingLease: false }, 'lease'],
    ['the lock is older than the run', { runStartedAt: new Date('2026-02-03T04:05:07Z') }, 'older than the run'],
  ])('keeps it where %s', async (_why, some, reason) => {
    await lock('kept')
    expect(await free('kept', some)).toEqual({ freed: false, reason: expect.stringContaining(reason) })
    expect(await isLocked('kept')).toBe(true)
  })

  test('keeps one whose time nobody can read', async () => {
    await lock('unknown', { Created: 'yesterday' })
    expect(await free('unknown')).toEqual({ freed: false, reason: expect.stringContaining('nobody can tell') })
  })

  test('a delete of what was inspected spares what came after it', async () => {
    await lock('changed')
    const inspected = await inspectStateLock(clients.s3, bucket, 'changed')
    await lock('changed', { Who: 'somebody else' })
    expect(await deleteObjectIfUnchanged(clients.s3, bucket, 'changed.tflock', inspected?.etag ?? '')).toBe(false)
    expect(await isLocked('changed')).toBe(true)
  })

  test('says so where there is none', async () => {
    expect(await free('nothing')).toEqual({ freed: false, reason: 'there is no lock' })
  })
})
