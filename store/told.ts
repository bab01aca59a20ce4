import { PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { encodeItem, removableAfter } from './item.ts'
import { readItem } from './read-item.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'

const keptSeconds = 30 * 86_400
const Told = z.strictObject({ format: z.literal(1) })

/** Whether somebody was told this not long ago; `digest` is of whom and what. */
export const wasTold = async (ctx: StoreContext, digest: string): Promise<boolean> =>
  (await readItem(ctx, itemKey.told(digest), Told)) !== undefined

/** Remembers for a month that somebody was told. */
export async function rememberTold(ctx: StoreContext, digest: string): Promise<void> {
  const Item = { ...encodeItem({ format: 1 }), ...itemKey.told(digest), ...removableAfter(nowOf(ctx).getTime() + keptSeconds * 1000) }
  await ctx.client.send(new PutCommand({ TableName: ctx.table, Item }))
}
