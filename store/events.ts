import { setTimeout as delay } from 'node:timers/promises'
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { GantryError } from '../schema/error-code.ts'
import { type Run, RunEvent } from '../schema/run.ts'
import type { RunStatus } from '../schema/run-status.ts'
import { type Attributes, decodeItem, encodeItem } from './item.ts'
import { moveRun } from './runs.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'
import { type Write, writeAll } from './transaction.ts'
import { updateWhere } from './update.ts'

export type NewEvent = Omit<RunEvent, 'n' | 'at'>

const StoredEvent = RunEvent.extend({ format: z.literal(1) }).transform(({ format: _, ...event }): RunEvent => event)
const mostAttempts = 100

/** The first event of a new run, as a write of the transaction that makes the run. */
export function firstEvent(ctx: StoreContext, runId: string, event: NewEvent): Write {
  return putEvent(ctx, runId, { ...event, n: 1, at: nowOf(ctx).toISOString() })
}

/** Appends one line to a run's timeline: event and counter in one transaction, so numbers have no gaps. Throws NOT_FOUND. */
export async function appendEvent(ctx: StoreContext, runId: string, event: NewEvent): Promise<RunEvent> {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const count = await readCount(ctx, runId)
    const next: RunEvent = { ...event, n: count + 1, at: nowOf(ctx).toISOString() }
    try {
      await writeAll(ctx, [advanceCount(ctx, runId, count), putEvent(ctx, runId, next)])
      return next
    } catch (error) {
      if (!(error instanceof GantryError && error.code === 'CONFLICT')) throw error
    }
    await delay(Math.random() * 10 * Math.min(attempt, 10))
  }
  throw new GantryError('CONFLICT', `run ${runId}: no free event number in ${mostAttempts} attempts`)
}

/** Events with a number above `after`, in order. */
export async function listEvents(ctx: StoreContext, runId: string, after = 0, limit = 100): Promise<RunEvent[]> {
  const { Items = [] } = await ctx.client.send(
    new QueryCommand({
      TableName: ctx.table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': itemKey.run(runId).pk, ':from': itemKey.event(runId, after + 1).sk, ':to': 'EVENT#99999999' },
      ConsistentRead: true,
      Limit: limit,
    }),
  )
  return Items.map((item) => decodeItem(StoredEvent, item))
}

const taken = (runId: string) => new GantryError('CONFLICT', `run ${runId}: another writer appended an event`)

/** The writes that end a run that nobody has approved, with its last event; refused where somebody appended one meanwhile. */
export function endWithEvent(ctx: StoreContext, run: Run, to: RunStatus, event: NewEvent): Write[] {
  const n = run.eventCount + 1
  const at = nowOf(ctx).toISOString()
  const also = { eventCount: run.eventCount, approval: undefined }
  return [moveRun(ctx, run, to, { eventCount: n, reason: event.message }, also), putEvent(ctx, run.id, { ...event, n, at })]
}

/** The writes that change a run where `expected` holds and say so in its timeline; refused where somebody appended meanwhile. */
export function changeWithEvent(ctx: StoreContext, run: Run, event: NewEvent, patch: Attributes, expected: Attributes): Write[] {
  const n = run.eventCount + 1
  const at = nowOf(ctx).toISOString()
  const where = { ...expected, serverUid: run.serverUid, eventCount: run.eventCount }
  const Update = { TableName: ctx.table, Key: itemKey.run(run.id), ...updateWhere({ ...patch, eventCount: n, updatedAt: at }, where) }
  return [{ action: { Update }, refused: () => taken(run.id) }, putEvent(ctx, run.id, { ...event, n, at })]
}

function putEvent(ctx: StoreContext, runId: string, event: RunEvent): Write {
  const Item = { ...encodeItem({ format: 1, ...RunEvent.parse(event) }), ...itemKey.event(runId, event.n) }
  return { action: { Put: { TableName: ctx.table, Item, ConditionExpression: 'attribute_not_exists(pk)' } }, refused: () => taken(runId) }
}

function advanceCount(ctx: StoreContext, runId: string, count: number): Write {
  const Update = { TableName: ctx.table, Key: itemKey.run(runId), ...updateWhere({ eventCount: count + 1 }, { eventCount: count }) }
  return { action: { Update }, refused: () => taken(runId) }
}

async function readCount(ctx: StoreContext, runId: string): Promise<number> {
  const { Item } = await ctx.client.send(
    new GetCommand({ TableName: ctx.table, Key: itemKey.run(runId), ConsistentRead: true, ProjectionExpression: 'eventCount' }),
  )
  if (!Item) throw new GantryError('NOT_FOUND', `run ${runId} does not exist`)
  return z.number().parse(Item.eventCount)
}
