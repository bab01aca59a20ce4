import { setTimeout as delay } from 'node:timers/promises'
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import type { GantryError } from '../schema/error-code.ts'
import type { StoreContext } from './store-context.ts'

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

/** One write of a transaction, and what to throw when its condition does not hold. */
export interface Write {
  readonly action: Action
  readonly refused: () => GantryError
}

const busy = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])
const mostAttempts = 8

/**
 * All writes or none. Throws the `refused` of the first write whose condition does not hold; another transaction in the
 * way is waited for. The SDK's own retries carry one ClientRequestToken, so a repeated request is not a second write.
 */
export async function writeAll(ctx: StoreContext, writes: readonly Write[], attempt = 1): Promise<void> {
  try {
    await ctx.client.send(new TransactWriteCommand({ TransactItems: writes.map(({ action }) => action) }))
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error
    const codes = error.CancellationReasons?.map(({ Code }) => Code) ?? []
    const refused = writes[codes.indexOf('ConditionalCheckFailed')]
    if (refused) throw refused.refused()
    if (attempt >= mostAttempts || !codes.some((code) => code !== undefined && busy.has(code))) throw error
    await delay(Math.random() * 20 * 2 ** attempt)
    return writeAll(ctx, writes, attempt + 1)
  }
}
