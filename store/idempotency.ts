import { createHash } from 'node:crypto'
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { GantryError } from '../schema/error-code.ts'
import { isConditionFailed, removableAfter } from './item.ts'
import { readItem } from './read-item.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'
import { updateWhere } from './update.ts'

const keptSeconds = 86_400
/** A call whose process died stops blocking its key after this long. */
const inProgressSeconds = 60

export interface IdempotentCall {
  readonly principal: string
  readonly key: string
  /** SHA-256 of method, path and body: a key belongs to one request. */
  readonly requestSha256: string
}

const StoredResponse = z.strictObject({ status: z.number().int(), headers: z.record(z.string(), z.string()), body: z.string() })
/** Never of a call whose answer holds a secret: it would be kept in clear. */
export type StoredResponse = z.infer<typeof StoredResponse>

const Item = z.strictObject({
  format: z.literal(1),
  requestSha256: z.string(),
  lockedUntil: z.number(),
  expiresAt: z.number(),
  /** JSON of a StoredResponse. */
  answer: z.string().optional(),
})

export type Begun = { readonly state: 'begun' } | { readonly state: 'finished'; readonly response: StoredResponse }

/**
 * Takes an idempotency key for a call, or gives the answer that the same call got within 24 hours.
 * Throws IDEMPOTENCY_KEY_REUSED for another request, IDEMPOTENCY_IN_PROGRESS while the first is under way.
 */
export async function beginIdempotent(ctx: StoreContext, call: IdempotentCall): Promise<Begun> {
  const now = nowOf(ctx).getTime()
  const expiresAt = now + keptSeconds * 1000
  const taken = { format: 1, requestSha256: call.requestSha256, lockedUntil: now + inProgressSeconds * 1000, expiresAt }
  try {
    await ctx.client.send(
      new PutCommand({
        TableName: ctx.table,
        Item: { ...keyOf(call), ...taken, ...removableAfter(expiresAt) },
        ConditionExpression:
          'attribute_not_exists(pk) OR expiresAt <= :now OR (attribute_not_exists(answer) AND requestSha256 = :request AND lockedUntil <= :now)',
        ExpressionAttributeValues: { ':now': now, ':request': call.requestSha256 },
      }),
    )
    return { state: 'begun' }
  } catch (error) {
    if (!isConditionFailed(error)) throw error
  }
  return earlier(await readItem(ctx, keyOf(call), Item), call)
}

/** Keeps the answer of a call for the key it began. */
export async function finishIdempotent(ctx: StoreContext, call: IdempotentCall, response: StoredResponse): Promise<void> {
  try {
    await ctx.client.send(
      new UpdateCommand({
        TableName: ctx.table,
        Key: keyOf(call),
        ...updateWhere({ answer: JSON.stringify(response) }, { requestSha256: call.requestSha256, answer: undefined }),
      }),
    )
  } catch (error) {
    if (!isConditionFailed(error)) throw error
  }
}

/** Frees the key of a call that did nothing, so that it can be tried again at once. */
export async function abandonIdempotent(ctx: StoreContext, call: IdempotentCall): Promise<void> {
  try {
    await ctx.client.send(
      new DeleteCommand({
        TableName: ctx.table,
        Key: keyOf(call),
        ConditionExpression: 'requestSha256 = :request AND attribute_not_exists(answer)',
        ExpressionAttributeValues: { ':request': call.requestSha256 },
      }),
    )
  } catch (error) {
    if (!isConditionFailed(error)) throw error
  }
}

function earlier(item: z.infer<typeof Item> | undefined, call: IdempotentCall): Begun {
  if (item && item.requestSha256 !== call.requestSha256) {
    throw new GantryError('IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key was used for another request; use a new key for a new request')
  }
  if (!item?.answer) {
    throw new GantryError(
      'IDEMPOTENCY_IN_PROGRESS',
      'the first request with this Idempotency-Key is still under way; try again in a moment',
    )
  }
  return { state: 'finished', response: StoredResponse.parse(JSON.parse(item.answer)) }
}

const keyOf = (call: IdempotentCall) =>
  itemKey.idempotency(
    createHash('sha256')
      .update(JSON.stringify([call.principal, call.key]))
      .digest('hex'),
  )
