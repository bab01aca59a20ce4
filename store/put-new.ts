import { GantryError } from '../schema/error-code.ts'
import type { StoreContext } from './store-context.ts'
import type { ItemKey } from './table.ts'
import type { Write } from './transaction.ts'

/** The write of an item that must not exist yet. */
export const putNew = (ctx: StoreContext, Item: ItemKey): Write => ({
  action: { Put: { TableName: ctx.table, Item, ConditionExpression: 'attribute_not_exists(pk)' } },
  refused: () => new GantryError('CONFLICT', `${Item.pk} ${Item.sk} exists already`),
})
