import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { Review } from '../schema/review.ts'
import { encodeItem, removableAfter } from './item.ts'
import { queryIndex } from './page.ts'
import { readItem } from './read-item.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'

const partition = 'REVIEWS'
/** For so long a pull request that has ended is still answered, should somebody merge or reopen it. */
const answeredSeconds = 14 * 86_400

/** Keeps a pull request as it stands now. */
export async function putReview(ctx: StoreContext, review: Review): Promise<void> {
  const Item = {
    ...encodeItem(Review.parse(review)),
    ...itemKey.review(review.runId),
    gsi2pk: partition,
    gsi2sk: review.runId,
    ...(review.ended && removableAfter(nowOf(ctx).getTime() + answeredSeconds * 1000)),
  }
  await ctx.client.send(new PutCommand({ TableName: ctx.table, Item }))
}

export const readReview = (ctx: StoreContext, runId: string): Promise<Review | undefined> => readItem(ctx, itemKey.review(runId), Review)

/** Every pull request that is shown, and those that have ended not long ago. */
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
