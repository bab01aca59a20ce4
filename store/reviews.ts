import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { GantryError } from '../schema/error-code.ts'
import { Review } from '../schema/review.ts'
import { encodeItem, isConditionFailed, removableAfter } from './item.ts'
import { queryIndex } from './page.ts'
import { readItem } from './read-item.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'

const partition = 'REVIEWS'
/** For so long a pull request that has ended is still answered, should somebody merge or reopen it. */
const answeredSeconds = 14 * 86_400

/**
 * Keeps a pull request as it stands now; `version` is the one that was read, 0 of a new one. Throws CONFLICT where somebody
 * else has written it since: what they know must not be forgotten.
 */
export async function putReview(ctx: StoreContext, review: Review): Promise<Review> {
  const next = Review.parse({ ...review, version: review.version + 1, updatedAt: nowOf(ctx).toISOString() })
  const Item = {
    ...encodeItem(next),
    ...itemKey.review(review.runId),
    gsi2pk: partition,
    gsi2sk: review.runId,
    ...(review.ended && removableAfter(nowOf(ctx).getTime() + answeredSeconds * 1000)),
  }
  const where =
    review.version === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#version = :read',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':read': review.version },
        }
  await ctx.client.send(new PutCommand({ TableName: ctx.table, Item, ...where })).catch((error: unknown) => {
    if (!isConditionFailed(error)) throw error
    throw new GantryError('CONFLICT', `the review of run ${review.runId} was written by somebody else since it was read`)
  })
  return next
}

export const readReview = (ctx: StoreContext, runId: string): Promise<Review | undefined> => readItem(ctx, itemKey.review(runId), Review)

/** Every pull request that is shown, and those that have ended not long ago. From an index: an item may be newer. */
export async function listReviews(ctx: StoreContext): Promise<Review[]> {
  const reviews: Review[] = []
  let cursor: string | undefined
  do {
    const page = await queryIndex(ctx, { index: 'gsi2', partition }, Review, { cursor, limit: 200 })
    reviews.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return reviews
}
