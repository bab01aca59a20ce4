import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import { GantryError } from '../schema/error-code.ts'
import { tableDefinition } from '../schema/table.ts'

export type Attributes = Record<string, unknown>

const { hashKey, rangeKey, indexes, timeToLiveAttribute } = tableDefinition
const tableAttributes = new Set<string>([
  hashKey,
  rangeKey,
  ...indexes.flatMap((index) => [index.hashKey, index.rangeKey]),
  timeToLiveAttribute,
])
const Nested = z.strictObject({ json: z.string() })

/**
 * Objects and lists are kept as JSON text: tool schemas and definitions may nest deeper than DynamoDB's 32 levels and hold
 * numbers it would round.
 */
export const encodeValue = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? { json: JSON.stringify(value) } : value

/** A value as attributes, undefined ones left out. */
export function encodeItem(value: object): Attributes {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, encodeValue(field)]),
  )
}

/** A stored item, parsed by its schema. Throws GantryError INTERNAL when what is stored does not fit. */
export function decodeItem<T>(schema: z.ZodType<T>, item: Attributes): T {
  const value: Attributes = {}
  for (const [name, field] of Object.entries(item)) {
    if (tableAttributes.has(name)) continue
    const nested = Nested.safeParse(field)
    value[name] = nested.success ? JSON.parse(nested.data.json) : field
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new GantryError('INTERNAL', `stored item ${item.pk} ${item.sk} is not what its schema expects: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  })
}

/** When DynamoDB may remove an item: it does so some time after, so whoever reads looks at the clock too. */
export const removableAfter = (milliseconds: number): Attributes => ({ [timeToLiveAttribute]: Math.ceil(milliseconds / 1000) })

export const isConditionFailed = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && error.name === 'ConditionalCheckFailedException'
