import { GantryError } from '../schema/error-code.ts'
import { Server } from '../schema/server.ts'
import { type Attributes, encodeItem } from './item.ts'
import { type Page, type PageOptions, queryIndex } from './page.ts'
import { readItem } from './read-item.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'
import type { Write } from './transaction.ts'
import { onlyWhere, updateWhere } from './update.ts'

const partition = 'SERVERS'

export const serverItem = (server: Server) => ({
  ...encodeItem(server),
  ...itemKey.server(server.id),
  gsi1pk: partition,
  gsi1sk: server.id,
})

export const readServer = (ctx: StoreContext, id: string): Promise<Server | undefined> => readItem(ctx, itemKey.server(id), Server)

/** Servers by id. */
export const listServers = (ctx: StoreContext, options: PageOptions = {}): Promise<Page<Server>> =>
  queryIndex(ctx, { index: 'gsi1', partition }, Server, options)

/** The write that changes a server where `expected` holds. */
export const updateServer = (ctx: StoreContext, id: string, patch: Attributes, expected: Attributes): Write => ({
  action: {
    Update: {
      TableName: ctx.table,
      Key: itemKey.server(id),
      ...updateWhere({ ...patch, updatedAt: nowOf(ctx).toISOString() }, expected),
    },
  },
  refused: () => serverMoved(id),
})

export const deleteServer = (ctx: StoreContext, id: string, expected: Attributes): Write => ({
  action: { Delete: { TableName: ctx.table, Key: itemKey.server(id), ...onlyWhere(expected) } },
  refused: () => serverMoved(id),
})

const serverMoved = (id: string) =>
  new GantryError('CONFLICT', `server ${id} has moved on: another run applies, has a newer generation, or its status does not allow this`)
