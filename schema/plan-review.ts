import * as z from 'zod'
import { ReviewPolicy } from './contract.ts'
import { Difference } from './diff-values.ts'
import { RunType } from './run-type.ts'

/** What Terraform is about to do with one resource. */
export const PlannedAction = z.enum(['create', 'update', 'replace', 'delete', 'import'])
export type PlannedAction = z.infer<typeof PlannedAction>

/**
 * One attribute of a changed resource; `path` as Terraform writes it (`health_check[0].interval`). `before` is absent where it
 * was not set, `after` where it will not be. Of a masked value neither is shown.
 */
export const AttributeChange = z.strictObject({
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  /** Sensitive by schema or mask, of a secret, or of a credential's shape. */
  masked: z.literal(true).optional(),
  /** Terraform learns the new value only from the apply. */
  knownAfterApply: z.literal(true).optional(),
  /** This attribute cannot change in place: it is why the resource is replaced. */
  forcesReplacement: z.literal(true).optional(),
})
export type AttributeChange = z.infer<typeof AttributeChange>

export const PlannedChange = z.strictObject({
  /** Terraform's address. */
  address: z.string(),
  type: z.string(),
  action: PlannedAction,
  /** Why, in a sentence: of a replacement, a deletion, an import. */
  why: z.string().optional(),
  /** Of updates and replacements what differs; of creations and deletions what is or was set. */
  attributes: z.array(AttributeChange),
})
export type PlannedChange = z.infer<typeof PlannedChange>

export const RiskKind = z.enum(['data-loss', 'downtime', 'iam-widening', 'exposure', 'rebinding'])
export type RiskKind = z.infer<typeof RiskKind>

/** What a reviewer must not overlook; `message` is one sentence, `details` the actions, ports or ARNs it is about. */
export const Risk = z.strictObject({ kind: RiskKind, address: z.string(), message: z.string(), details: z.array(z.string()) })
export type Risk = z.infer<typeof Risk>

/** US dollars a month, without what depends on traffic; `after` of a server that goes is 0. */
export const MonthlyCost = z.strictObject({
  before: z.number().nonnegative(),
  after: z.number().nonnegative(),
  lines: z.array(
    z.strictObject({
      address: z.string(),
      /** How the amount comes about: `0.25 vCPU × 730 h × $0.03238`. */
      basis: z.string(),
      before: z.number().nonnegative(),
      after: z.number().nonnegative(),
    }),
  ),
  /** Which price list: its date and where its numbers come from. */
  prices: z.strictObject({ date: z.iso.date(), source: z.string() }),
})
export type MonthlyCost = z.infer<typeof MonthlyCost>

/** What a rule of the platform team says; a run with a `deny` ends before anybody can approve it. */
export const PolicyFinding = z.strictObject({
  level: z.enum(['deny', 'warn']),
  rule: z.string(),
  file: z.string(),
  message: z.string(),
  address: z.string().optional(),
})
export type PolicyFinding = z.infer<typeof PolicyFinding>

export const PlanCounts = z.strictObject({
  create: z.number().int(),
  update: z.number().int(),
  replace: z.number().int(),
  delete: z.number().int(),
  import: z.number().int(),
})
export type PlanCounts = z.infer<typeof PlanCounts>

/** A plan as people read it; nothing in it is secret. */
export const PlanReview = z.strictObject({
  format: z.literal(1),
  runId: z.string(),
  serverId: z.string(),
  serverName: z.string(),
  revision: z.number().int().positive(),
  type: RunType,
  planSha256: z.string(),
  counts: PlanCounts,
  changes: z.array(PlannedChange),
  risks: z.array(Risk),
  cost: MonthlyCost,
  /** Against the revision last applied, as both were sent; `enabled` counts as a field. */
  definition: z.array(Difference),
  /** The tools of a server in service, by name, as its last handshake listed them. */
  tools: z.array(z.string()).optional(),
  policy: z.array(PolicyFinding),
  /** Why the run waits for a person; no reasons: it does not. */
  hold: z.strictObject({ policy: ReviewPolicy, reasons: z.array(z.string()) }),
})
export type PlanReview = z.infer<typeof PlanReview>
