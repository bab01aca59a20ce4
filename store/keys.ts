import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { ApiKey } from '../schema/api-key.ts'
import { GantryError } from '../schema/error-code.ts'
import { encodeItem, isConditionFailed, removableAfter } from './item.ts'
import { type Page, type PageOptions, queryIndex } from './page.ts'
import { readItem } from './read-item.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'

const partition = 'KEYS'
const millisecondsPerDay = 86_400_000

/** Stores a new key. A run's own key (`onlyServer`) is in no list, and DynamoDB removes it a day after it expired. */
export async function createKey(ctx: StoreContext, key: ApiKey): Promise<ApiKey> {
  const parsed = ApiKey.parse(key)
  const listed = parsed.onlyServer
    ? removableAfter(Date.parse(parsed.expiresAt ?? parsed.createdAt) + millisecondsPerDay)
    : { gsi1pk: partition, gsi1sk: `${parsed.createdAt}#${parsed.id}` }
  const Item = { ...encodeItem(parsed), ...itemKey.apiKey(parsed.id), ...listed }
  try {
    await ctx.client.send(new PutCommand({ TableName: ctx.table, Item, ConditionExpression: 'attribute_not_exists(pk)' }))
    return parsed
  } catch (error) {
    throw isConditionFailed(error) ? new GantryError('CONFLICT', `API key ${key.id} exists already`) : error
  }
}

/** Read consistently: a revoked key is seen as revoked by the next call. */
export const readKey = (ctx: StoreContext, id: string): Promise<ApiKey | undefined> => readItem(ctx, itemKey.apiKey(id), ApiKey)

/** Keys of people and programs, newest first, revoked and expired ones included. */
export const listKeys = (ctx: StoreContext, options: PageOptions = {}): Promise<Page<ApiKey>> =>
  queryIndex(ctx, { index: 'gsi1', partition, newestFirst: true }, ApiKey, options)

/** Revokes a key; one revoked earlier keeps its time. Throws NOT_FOUND. */
export async function revokeKey(ctx: StoreContext, id: string): Promise<ApiKey> {
  const revokedAt = nowOf(ctx).toISOString()
  try {
    await ctx.client.send(
      new UpdateCommand({
        TableName: ctx.table,
        Key: itemKey.apiKey(id),
        UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :now)',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':now': revokedAt },
      }),
    )
  } catch (error) {
    if (!isConditionFailed(error)) throw error
    throw new GantryError('NOT_FOUND', `API key ${id} does not exist`)
  }
  const key = await readKey(ctx, id)
  if (!key) throw new GantryError('NOT_FOUND', `API key ${id} does not exist`)
  return key
}
