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

/** One page of an index's partition, each item parsed. Throws GantryError INVALID_REQUEST on a cursor that is not ours. */
export async function queryIndex<T>(
  ctx: StoreContext,
  query: { index: IndexName; partition: string; newestFirst?: boolean },
  schema: z.ZodType<T>,
  options: PageOptions,
): Promise<Page<T>> {
  const hashKey = `${query.index}pk`
  const rangeKey = `${query.index}sk`
  const start = options.cursor === undefined ? undefined : decodeCursor(options.cursor)
  const input: QueryCommandInput = {
    TableName: ctx.table,
    IndexName: query.index,
    KeyConditionExpression: '#hash = :hash',
    ExpressionAttributeNames: { '#hash': hashKey },
    ExpressionAttributeValues: { ':hash': query.partition },
    ScanIndexForward: !query.newestFirst,
    Limit: options.limit ?? 50,
    ...(start && { ExclusiveStartKey: { pk: start[0], sk: start[1], [hashKey]: query.partition, [rangeKey]: start[2] } }),
  }
  const { Items = [], LastEvaluatedKey: last } = await ctx.client.send(new QueryCommand(input))
  const items = Items.map((item) => decodeItem(schema, item))
  return last ? { items, cursor: encodeCursor(last, rangeKey) } : { items }
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
