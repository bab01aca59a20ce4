import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { isConditionFailed, removableAfter } from './item.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'

const keptMilliseconds = 7 * 86_400_000

/** Notes a webhook's delivery id; false when it was noted within seven days: somebody sends it again. */
export async function rememberDelivery(ctx: StoreContext, id: string): Promise<boolean> {
  const now = nowOf(ctx).getTime()
  const expiresAt = now + keptMilliseconds
  try {
    await ctx.client.send(
      new PutCommand({
        TableName: ctx.table,
        Item: { ...itemKey.delivery(id), format: 1, expiresAt, ...removableAfter(expiresAt) },
        ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
        ExpressionAttributeValues: { ':now': now },
      }),
    )
    return true
  } catch (error) {
    if (isConditionFailed(error)) return false
    throw error
  }
}
