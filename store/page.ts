import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { GantryError } from '../schema/error-code.ts'
import type { tableDefinition } from '../schema/table.ts'
import { type Attributes, decodeItem } from './item.ts'
import type { StoreContext } from './store-context.ts'

export interface Page<T> {
  readonly items: T[]
  /** Opaque; absent on the last page. */
  readonly cursor?: string
}

export interface PageOptions {
  readonly cursor?: string
  readonly limit?: number
}

type IndexName = (typeof tableDefinition.indexes)[number]['name']
const Cursor = z.tuple([z.string(), z.string(), z.string()])

export interface IndexQuery {
  readonly index: IndexName
  readonly partition: string
  readonly newestFirst?: boolean
  /** Only range keys from the first to the second, both included. */
  readonly between?: readonly [string, string]
}

/** One page of an index's partition, each item parsed. Throws GantryError INVALID_REQUEST on a cursor that is not ours. */
export async function queryIndex<T>(ctx: StoreContext, query: IndexQuery, schema: z.ZodType<T>, options: PageOptions): Promise<Page<T>> {
  const hashKey = `${query.index}pk`
  const rangeKey = `${query.index}sk`
  const start = options.cursor === undefined ? undefined : decodeCursor(options.cursor)
  const input: QueryCommandInput = {
    TableName: ctx.table,
    IndexName: query.index,
    KeyConditionExpression: query.between ? '#hash = :hash AND #range BETWEEN :from AND :to' : '#hash = :hash',
    ExpressionAttributeNames: { '#hash': hashKey, ...(query.between && { '#range': rangeKey }) },
    ExpressionAttributeValues: {
      ':hash': query.partition,
      ...(query.between && { ':from': query.between[0], ':to': query.between[1] }),
    },
    ScanIndexForward: !query.newestFirst,
    Limit: options.limit ?? 50,
    ...(start && { ExclusiveStartKey: { pk: start[0], sk: start[1], [hashKey]: query.partition, [rangeKey]: start[2] } }),
  }
  const { Items = [], LastEvaluatedKey: last } = await ctx.client.send(new QueryCommand(input))
  const items = Items.map((item) => decodeItem(schema, item))
  return last ? { items, cursor: encodeCursor(last, rangeKey) } : { items }
}

/** One page of the items of a partition whose range key begins with `prefix`, newest (highest) first, read consistently. */
export async function queryPrefix<T>(
  ctx: StoreContext,
  { pk, prefix }: { pk: string; prefix: string },
  schema: z.ZodType<T>,
  options: PageOptions,
): Promise<Page<T>> {
  const { Items = [], LastEvaluatedKey: last } = await ctx.client.send(
    new QueryCommand({
      TableName: ctx.table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: options.limit ?? 50,
      ...(options.cursor !== undefined && { ExclusiveStartKey: { pk, sk: prefix + options.cursor } }),
    }),
  )
  const items = Items.map((item) => decodeItem(schema, item))
  return last ? { items, cursor: String(last.sk).slice(prefix.length) } : { items }
}

const encodeCursor = (last: Attributes, rangeKey: string): string =>
  Buffer.from(JSON.stringify([last.pk, last.sk, last[rangeKey]])).toString('base64url')

function decodeCursor(cursor: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch (cause) {
    throw new GantryError('INVALID_REQUEST', 'cursor is not one this list gave out; expected the cursor of the page before, or none', {
      errors: [{ path: 'cursor', message: 'not a cursor of this list' }],
      cause,
    })
  }
}
