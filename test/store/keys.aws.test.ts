import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { ApiKey } from '../../schema/api-key.ts'
import { createKey, listKeys, readKey, revokeKey } from '../../store/keys.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { createStore } from '../support/create-store.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

const key = (id: string, some: Partial<ApiKey> = {}): ApiKey => ({
  format: 1,
  id: id.padEnd(16, '0'),
  secretSha256: 'a'.repeat(64),
  description: 'laptop',
  admin: false,
  groups: ['group:docs'],
  createdBy: 'key:admin',
  createdAt: '2026-01-02T03:04:05.678Z',
  ...some,
})

describe('API keys', () => {
  test('are read as they were stored', async () => {
    const stored = await createKey(store, key('read'))
    expect(await readKey(store, stored.id)).toEqual(stored)
  })

  test('an id is used once', async () => {
    await createKey(store, key('once'))
    await expect(createKey(store, key('once'))).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a revoked key stays revoked since the first time', async () => {
    const { id } = await createKey(store, key('revoked'))
    const first = await revokeKey({ ...store, now: () => new Date('2026-02-01') }, id)
    expect(first.revokedAt).toBe('2026-02-01T00:00:00.000Z')
    expect(await revokeKey(store, id)).toEqual(first)
  })

  test('revoking what does not exist is NOT_FOUND', async () => {
    await expect(revokeKey(store, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test("a run's own key is in no list", async () => {
    await createKey(store, key('listed'))
    const own = await createKey(store, key('own', { onlyServer: { id: 'a', uid: 'u' }, expiresAt: '2026-01-02T03:19:05.678Z' }))
    const ids = (await listKeys(store)).items.map(({ id }) => id)
    expect(ids).toContain('listed'.padEnd(16, '0'))
    expect(ids).not.toContain(own.id)
  })

  test('an item that does not fit its schema is an error that names it, not a key', async () => {
    const { id } = await createKey(store, key('bent'))
    await store.client.send(
      new UpdateCommand({
        TableName: store.table,
        Key: { pk: `KEY#${id}`, sk: 'KEY' },
        UpdateExpression: 'SET #admin = :admin',
        ExpressionAttributeNames: { '#admin': 'admin' },
        ExpressionAttributeValues: { ':admin': 'yes' },
      }),
    )
    await expect(readKey(store, id)).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining(`KEY#${id}`) })
  })
})
