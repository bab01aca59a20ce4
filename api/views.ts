import * as z from 'zod'
import { ApiKey } from '../schema/api-key.ts'
import { Edge } from '../schema/contract.ts'
import { Run, RunEvent, SavedPlan } from '../schema/run.ts'
import { Server } from '../schema/server.ts'

/** A server as callers see it. */
export const ServerView = Server.omit({ format: true, generation: true, applyingRunId: true }).meta({ id: 'Server' })
export type ServerView = z.infer<typeof ServerView>

/** A run as callers see it. */
export const RunView = Run.omit({ format: true, generation: true })
  .extend({ plan: SavedPlan.pick({ planSha256: true, contractSha256: true, counts: true }).optional() })
  .meta({ id: 'Run' })
export type RunView = z.infer<typeof RunView>

export const EventView = RunEvent.meta({ id: 'RunEvent' })

/** A key as callers see it: never its secret, nor the secret's hash. */
export const KeyView = ApiKey.omit({ format: true, secretSha256: true, onlyServer: true }).meta({ id: 'ApiKey' })
export type KeyView = z.infer<typeof KeyView>

/** What the edge in front of a server can and cannot do. */
export const EdgeFacts = z
  .strictObject({
    edge: Edge,
    streams: z.boolean(),
    callTimeoutSeconds: z.number().int(),
    notes: z.array(z.string()),
  })
  .meta({ id: 'EdgeFacts' })
export type EdgeFacts = z.infer<typeof EdgeFacts>

export const ServerDetail = ServerView.extend({
  edge: EdgeFacts,
  lastRun: RunView.optional(),
  /** The newest revision's definition as it was sent; for admins. */
  definition: z.record(z.string(), z.unknown()).optional(),
}).meta({ id: 'ServerDetail' })
export type ServerDetail = z.infer<typeof ServerDetail>

export function serverView({ format: _f, generation: _g, applyingRunId: _a, ...view }: Server): ServerView {
  return view
}

export function runView({ format: _f, generation: _g, plan, ...view }: Run): RunView {
  if (!plan) return view
  return { ...view, plan: { planSha256: plan.planSha256, contractSha256: plan.contractSha256, counts: plan.counts } }
}

export function keyView({ format: _f, secretSha256: _s, onlyServer: _o, ...view }: ApiKey): KeyView {
  return view
}
