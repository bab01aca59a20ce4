import * as z from 'zod'
import { ApiKey } from '../schema/api-key.ts'
import { AuditEntry } from '../schema/audit.ts'
import { Edge } from '../schema/contract.ts'
import { ServerDrift } from '../schema/drift.ts'
import { Review } from '../schema/review.ts'
import { Revision } from '../schema/revision.ts'
import { Run, RunEvent, SavedPlan } from '../schema/run.ts'
import { Server } from '../schema/server.ts'
import { StackFacts } from './stack-facts.ts'

/** Since when a server is not what was applied, and who found it when. */
const DriftSummary = ServerDrift.pick({ since: true, checkedAt: true, runId: true }).meta({ id: 'DriftSummary' })

/** A server as callers see it. */
export const ServerView = Server.omit({ format: true, generation: true, applyingRunId: true })
  .extend({ drift: DriftSummary.optional() })
  .meta({ id: 'Server' })
export type ServerView = z.infer<typeof ServerView>

/** A run as callers see it. */
export const RunView = Run.omit({ format: true, generation: true })
  .extend({ plan: SavedPlan.pick({ planSha256: true, contractSha256: true, counts: true }).optional() })
  .meta({ id: 'Run' })
export type RunView = z.infer<typeof RunView>

/** Where a run is reviewed beside this API. */
export const ReviewView = Review.pick({ provider: true, branch: true, number: true, url: true }).meta({ id: 'Review' })

export const RunDetail = RunView.extend({ review: ReviewView.optional() }).meta({ id: 'RunDetail' })
export type RunDetail = z.infer<typeof RunDetail>

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
  /** The platform has changed since the server was applied; its next run takes the change along. */
  platformOutdated: z.boolean(),
  /** Whether the newest revision asks for running tasks. */
  enabled: z.boolean(),
  /** Absent where nothing was ever applied. */
  stack: StackFacts.optional(),
  /** What somebody changed past Gantry, for admins; others see since when. */
  drift: z
    .union([
      ServerDrift.extend({
        /** The call that has it all as it was applied again; `stays` marks what it leaves. */
        reconcile: z.strictObject({ method: z.literal('POST'), path: z.string(), body: z.strictObject({ type: z.literal('apply') }) }),
      }).meta({ id: 'Drift' }),
      DriftSummary,
    ])
    .optional(),
  /** The newest revision's definition as it was sent; for admins. */
  definition: z.record(z.string(), z.unknown()).optional(),
}).meta({ id: 'ServerDetail' })
export type ServerDetail = z.infer<typeof ServerDetail>

/** A revision as admins see it; `definition` as it was sent. */
export const RevisionView = Revision.omit({ format: true }).meta({ id: 'Revision' })
export type RevisionView = z.infer<typeof RevisionView>

export const AuditView = AuditEntry.omit({ format: true }).meta({ id: 'AuditEntry' })
export type AuditView = z.infer<typeof AuditView>

/** What a client needs to reach a server. */
export const ConnectionView = z
  .strictObject({
    serverId: z.string(),
    name: z.string(),
    status: Server.shape.status,
    transport: z.literal('streamable-http'),
    url: z.url(),
    headers: z.record(z.string(), z.string()),
    /** To paste: files of Claude Desktop, VS Code and Cursor, commands of Claude Code and curl. */
    snippets: z.strictObject({
      claudeDesktop: z.string(),
      claudeCode: z.string(),
      vscode: z.string(),
      cursor: z.string(),
      curl: z.string(),
    }),
  })
  .meta({ id: 'Connection' })
export type ConnectionView = z.infer<typeof ConnectionView>

export function revisionView({ format: _f, ...view }: Revision): RevisionView {
  return view
}

export function auditView({ format: _f, ...view }: AuditEntry): AuditView {
  return view
}

export function serverView({ format: _f, generation: _g, applyingRunId: _a, drift, ...view }: Server): ServerView {
  if (!drift) return view
  const { since, checkedAt, runId } = drift
  return { ...view, drift: { since, checkedAt, runId } }
}

export function runView({ format: _f, generation: _g, plan, ...view }: Run): RunView {
  if (!plan) return view
  return { ...view, plan: { planSha256: plan.planSha256, contractSha256: plan.contractSha256, counts: plan.counts } }
}

export function keyView({ format: _f, secretSha256: _s, onlyServer: _o, ...view }: ApiKey): KeyView {
  return view
}
