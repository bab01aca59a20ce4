import { GetCommand } from '@aws-sdk/lib-dynamodb'
import type * as z from 'zod'
import { decodeItem } from './item.ts'
import type { StoreContext } from './store-context.ts'
import type { ItemKey } from './table.ts'

/** One item, read consistently and parsed; undefined where there is none. */
export async function readItem<T>(ctx: StoreContext, key: ItemKey, schema: z.ZodType<T>): Promise<T | undefined> {
  const { Item } = await ctx.client.send(new GetCommand({ TableName: ctx.table, Key: key, ConsistentRead: true }))
  return Item && decodeItem(schema, Item)
}
