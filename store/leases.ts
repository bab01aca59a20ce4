import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { isConditionFailed, removableAfter } from './item.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'

/** Takes or renews a lease; false when another holder has it and it has not run out. */
export async function acquireLease(ctx: StoreContext, name: string, holder: string, ttlSeconds: number): Promise<boolean> {
  const now = nowOf(ctx).getTime()
  const expiresAt = now + ttlSeconds * 1000
  const Item = { ...itemKey.lease(name), format: 1, holder, expiresAt, ...removableAfter(expiresAt) }
  try {
    await ctx.client.send(
      new PutCommand({
        TableName: ctx.table,
        Item,
        ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now OR holder = :holder',
        ExpressionAttributeValues: { ':now': now, ':holder': holder },
      }),
    )
    return true
  } catch (error) {
    if (isConditionFailed(error)) return false
    throw error
  }
}

/** Gives a lease back; nothing happens when it is another's by now. */
export async function releaseLease(ctx: StoreContext, name: string, holder: string): Promise<void> {
  try {
    await ctx.client.send(
      new DeleteCommand({
        TableName: ctx.table,
        Key: itemKey.lease(name),
        ConditionExpression: 'holder = :holder',
        ExpressionAttributeValues: { ':holder': holder },
      }),
    )
  } catch (error) {
    if (!isConditionFailed(error)) throw error
  }
}
