import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** What every function of the store takes; `now` is for tests. */
export interface StoreContext {
  readonly client: DynamoDBDocumentClient
  readonly table: string
  readonly now?: () => Date
}

export function connectStore(client: DynamoDBClient, table: string): StoreContext {
  return { client: DynamoDBDocumentClient.from(client), table }
}

export const nowOf = (ctx: StoreContext): Date => ctx.now?.() ?? new Date()
