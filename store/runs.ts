import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { GantryError } from '../schema/error-code.ts'
import { Run } from '../schema/run.ts'
import { isTerminal, RunStatus, runStatusesBefore, terminalRunStatuses } from '../schema/run-status.ts'
import { type Attributes, decodeItem, encodeItem, isConditionFailed } from './item.ts'
import { type Page, type PageOptions, queryIndex } from './page.ts'
import { readItem } from './read-item.ts'
import { nowOf, type StoreContext } from './store-context.ts'
import { itemKey } from './table.ts'
import type { Write } from './transaction.ts'
import { onlyWhere, updateWhere } from './update.ts'

const partition = 'RUNS'
const open = 'OPEN'
const openStatuses = RunStatus.options.filter((status) => !isTerminal(status))
const notApproved = { approval: undefined }
const byAge = (run: Run): string => `${run.createdAt}#${run.id}`

export type RunPatch = Partial<Pick<Run, 'buildId' | 'heartbeatAt' | 'plan' | 'hold' | 'error'>>

export const runItem = (run: Run) => ({
  ...encodeItem(run),
  ...itemKey.run(run.id),
  gsi1pk: partition,
  gsi1sk: byAge(run),
  gsi3pk: itemKey.server(run.serverId).pk,
  gsi3sk: byAge(run),
  ...(!isTerminal(run.status) && { gsi2pk: open, gsi2sk: byAge(run) }),
})

export const readRun = (ctx: StoreContext, id: string): Promise<Run | undefined> => readItem(ctx, itemKey.run(id), Run)

/** Runs of one server id (all its lives) or of all, newest first. */
export const listRuns = (ctx: StoreContext, { serverId, ...page }: PageOptions & { serverId?: string } = {}): Promise<Page<Run>> =>
  queryIndex(
    ctx,
    serverId === undefined
      ? { index: 'gsi1', partition, newestFirst: true }
      : { index: 'gsi3', partition: itemKey.server(serverId).pk, newestFirst: true },
    Run,
    page,
  )

/** Every run that has not ended, oldest first. From an index: a run that ended a moment ago may still be among them. */
export async function listOpenRuns(ctx: StoreContext): Promise<Run[]> {
  const runs: Run[] = []
  let cursor: string | undefined
  do {
    const page = await queryIndex(ctx, { index: 'gsi2', partition: open }, Run, { cursor, limit: 200 })
    runs.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return runs.filter((run) => !isTerminal(run.status))
}

/** Says that a build still works on a run, and answers the run. Throws CONFLICT when it has ended or has a newer generation. */
export async function heartbeat(ctx: StoreContext, run: Run, buildId = run.buildId): Promise<Run> {
  const now = nowOf(ctx).toISOString()
  // A build that has planned may still say so while the plan is approved: the apply's build is another.
  const expected = { serverUid: run.serverUid, generation: run.generation, status: openStatuses, ...(!run.approval && notApproved) }
  const Key = itemKey.run(run.id)
  try {
    const update = updateWhere({ heartbeatAt: now, ...(buildId && { buildId }) }, expected)
    const { Attributes = {} } = await ctx.client.send(new UpdateCommand({ TableName: ctx.table, Key, ...update, ReturnValues: 'ALL_NEW' }))
    return decodeItem(Run, Attributes)
  } catch (error) {
    throw isConditionFailed(error) ? runRefused(run, 'a heartbeat') : error
  }
}

/** The write that moves a run on: only from a status before `to`, in its own life and generation, and where `also` holds. */
export function moveRun(ctx: StoreContext, run: Run, to: RunStatus, patch: Attributes, also: Attributes = {}): Write {
  const now = nowOf(ctx).toISOString()
  const set = { ...patch, status: to, updatedAt: now, ...(isTerminal(to) && { endedAt: now, gsi2pk: undefined, gsi2sk: undefined }) }
  const expected = { serverUid: run.serverUid, status: runStatusesBefore(to), generation: run.generation, ...also }
  const Update = { TableName: ctx.table, Key: itemKey.run(run.id), ...updateWhere(set, expected) }
  return { action: { Update }, refused: () => runRefused(run, to) }
}

export const putRun = (ctx: StoreContext, run: Run): Write => ({
  action: { Put: { TableName: ctx.table, Item: runItem(Run.parse(run)), ConditionExpression: 'attribute_not_exists(pk)' } },
  refused: () => new GantryError('CONFLICT', `run ${run.id} exists already`),
})

export const runHasEnded = (ctx: StoreContext, runId: string, refused: Write['refused']): Write => ({
  action: { ConditionCheck: { TableName: ctx.table, Key: itemKey.run(runId), ...onlyWhere({ status: terminalRunStatuses }) } },
  refused,
})

const runRefused = (run: Run, to: string) =>
  new GantryError(
    'CONFLICT',
    `run ${run.id} refused ${to}: it has moved on since it was read (then ${run.status}, generation ${run.generation ?? 'none'})`,
  )
