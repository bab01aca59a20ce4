import { GantryError } from '../schema/error-code.ts'
import type { Server } from '../schema/server.ts'
import type { StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'
import type { Write } from './transaction.ts'
import { onlyWhere } from './update.ts'

/** Takes a name's id for one life of a server. */
export const claimName = (ctx: StoreContext, server: Server): Write => ({
  action: {
    Put: {
      TableName: ctx.table,
      Item: { ...itemKey.claim(server.id), format: 1, id: server.id, uid: server.uid, name: server.name, createdAt: server.createdAt },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  },
  refused: () =>
    new GantryError('NAME_TAKEN', `name ${JSON.stringify(server.name)}: a server with the id ${server.id} exists; choose another name`, {
      errors: [{ path: 'name', message: `taken: normalizes to ${server.id}, which exists` }],
    }),
})

export const freeName = (ctx: StoreContext, serverId: string, uid: string): Write => ({
  action: { Delete: { TableName: ctx.table, Key: itemKey.claim(serverId), ...onlyWhere({ uid }) } },
  refused: () => new GantryError('CONFLICT', `server ${serverId}: its name belongs to another life of it`),
})
