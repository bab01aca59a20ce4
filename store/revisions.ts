import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { Revision } from '../schema/revision.ts'
import { encodeItem } from './item.ts'
import { type Page, type PageOptions, queryPrefix } from './page.ts'
import { readItem } from './read-item.ts'
import type { StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'

export const revisionItem = (revision: Revision) => ({
  ...encodeItem(revision),
  ...itemKey.revision(revision.serverId, revision.serverUid, revision.number),
})

/** One revision of one life (`uid`) of a server. */
export const readRevision = (ctx: StoreContext, serverId: string, uid: string, n: number): Promise<Revision | undefined> =>
  readItem(ctx, itemKey.revision(serverId, uid, n), Revision)

/** The revisions of one life of a server, newest first. */
export const listRevisions = (ctx: StoreContext, serverId: string, uid: string, options: PageOptions = {}): Promise<Page<Revision>> =>
  queryPrefix(ctx, { pk: itemKey.server(serverId).pk, prefix: `REVISION#${uid}#` }, Revision, options)

/** Removes what is left of one life of a server; a repeated call finishes what an interrupted one began. */
export async function deleteRevisions(ctx: StoreContext, serverId: string, uid: string): Promise<void> {
  for (;;) {
    const { Items = [] } = await ctx.client.send(
      new QueryCommand({
        TableName: ctx.table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': itemKey.server(serverId).pk, ':sk': `REVISION#${uid}#` },
        ProjectionExpression: 'pk, sk',
        ConsistentRead: true,
        Limit: 25,
      }),
    )
    if (Items.length === 0) return
    await ctx.client.send(new BatchWriteCommand({ RequestItems: { [ctx.table]: Items.map((Key) => ({ DeleteRequest: { Key } })) } }))
  }
}
