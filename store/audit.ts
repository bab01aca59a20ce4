import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { AuditEntry } from '../schema/audit.ts'
import { encodeItem } from './item.ts'
import { type IndexQuery, type Page, type PageOptions, queryIndex } from './page.ts'
import type { StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'

const all = 'AUDIT'
const ofActor = (actor: string): string => `AUDIT#ACTOR#${actor}`
const ofServer = (serverId: string): string => `AUDIT#SERVER#${serverId}`

/** Keeps an entry; one of the same time and id, which is the same call, is replaced. */
export async function putAudit(ctx: StoreContext, entry: AuditEntry): Promise<void> {
  const key = itemKey.audit(entry.at, entry.id)
  const Item = {
    ...encodeItem(AuditEntry.parse(entry)),
    ...key,
    gsi1pk: all,
    gsi1sk: key.sk,
    gsi2pk: ofActor(entry.actor),
    gsi2sk: key.sk,
    ...(entry.serverId !== undefined && { gsi3pk: ofServer(entry.serverId), gsi3sk: key.sk }),
  }
  await ctx.client.send(new PutCommand({ TableName: ctx.table, Item }))
}

export interface AuditQuery extends PageOptions {
  readonly serverId?: string
  readonly actor?: string
  /** ISO times, both included. */
  readonly from?: string
  readonly to?: string
}

/** Entries, newest first. Of `serverId` and `actor` one decides what is read, so a page may hold fewer than `limit`. */
export async function listAudit(ctx: StoreContext, { serverId, actor, from, to, ...page }: AuditQuery = {}): Promise<Page<AuditEntry>> {
  const where = { newestFirst: true, between: [from ?? '0', `${to ?? '9'}~`] } as const
  const query: IndexQuery =
    serverId !== undefined
      ? { index: 'gsi3', partition: ofServer(serverId), ...where }
      : actor !== undefined
        ? { index: 'gsi2', partition: ofActor(actor), ...where }
        : { index: 'gsi1', partition: all, ...where }
  const found = await queryIndex(ctx, query, AuditEntry, page)
  return actor === undefined ? found : { ...found, items: found.items.filter((entry) => entry.actor === actor) }
}
