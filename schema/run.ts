import * as z from 'zod'
import { Approval, Proposal } from './review.ts'
import { RunStatus } from './run-status.ts'
import { RunType } from './run-type.ts'

const RunPhase = z.enum(['expand', 'contract'])

/** The first thing that went wrong; `resource` is a Terraform address, `message` the provider's own words. */
export const RunError = z.strictObject({
  code: z.enum([
    'SYNTH_FAILED',
    'PLAN_FAILED',
    'APPLY_FAILED',
    'PUBLISH_FAILED',
    'VERIFY_FAILED',
    'SECRETS_MISSING',
    'NO_ROOM',
    'POLICY_DENIED',
    'STALE_PLAN',
    'RUNNER_LOST',
    'CANCELLED',
    'START_FAILED',
    'INTERNAL',
  ]),
  message: z.string(),
  resource: z.string().optional(),
  /** The task's last log lines, oldest first. */
  logs: z.array(z.string()).optional(),
})
export type RunError = z.infer<typeof RunError>

/** What identifies a saved plan: an approval is of exactly this. Hashes are SHA-256 in lower-case hex. */
export const SavedPlan = z.strictObject({
  /** S3 key of the artifact (plan, lock file, synthesized files) in the state bucket. */
  artifactKey: z.string(),
  artifactSha256: z.string(),
  planSha256: z.string(),
  lockSha256: z.string(),
  contractSha256: z.string(),
  /** Of the state the plan was made against; -1 and '' where there was none. */
  baseSerial: z.number().int(),
  lineage: z.string(),
  /** The server's, when it was planned. */
  generation: z.number().int().optional(),
  /** Terraform has something to do. */
  changes: z.boolean().optional(),
  /** Routes of API Gateway come, change or go: they are published after the apply. */
  routes: z.boolean().optional(),
  counts: z.strictObject({ create: z.number().int(), update: z.number().int(), delete: z.number().int(), replace: z.number().int() }),
})
export type SavedPlan = z.infer<typeof SavedPlan>

export const Run = z.strictObject({
  format: z.literal(1),
  id: z.string(),
  serverId: z.string(),
  serverUid: z.string(),
  revision: z.number().int().positive(),
  type: RunType,
  /** Of a change of load balancer mode: `expand` adds the new way and proves it, `contract` takes the old one away. */
  phase: RunPhase.optional(),
  status: RunStatus,
  /** Who asked for it: a principal's id. */
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  buildId: z.string().optional(),
  heartbeatAt: z.iso.datetime().optional(),
  /** Drawn with the apply lease; a write that carries an older one is refused. */
  generation: z.number().int().optional(),
  /** How many events were appended; the last one's number. */
  eventCount: z.number().int(),
  plan: SavedPlan.optional(),
  /** Of a run that waits or has waited for review: why, and until when. */
  hold: z.strictObject({ reasons: z.array(z.string()), until: z.iso.datetime() }).optional(),
  approval: Approval.optional(),
  /** Somebody asked for its end; the build that works on it looks every few seconds. */
  cancel: z.strictObject({ by: z.string(), at: z.iso.datetime() }).optional(),
  /** Why a run ended that waited and was not approved. */
  reason: z.string().optional(),
  /** The run came of a change in the review repository: that is where it is reviewed. */
  proposal: Proposal.optional(),
  error: RunError.optional(),
})
export type Run = z.infer<typeof Run>

/** One line of a run's timeline; `n` counts from 1 without gaps. */
export const RunEvent = z.strictObject({
  n: z.number().int().positive(),
  at: z.iso.datetime(),
  writer: z.enum(['api', 'runner', 'reconciler']),
  /** `step.started`, `resource.applied`, `run.failed`, … for programs. */
  type: z.string(),
  /** One sentence for a person. */
  message: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
})
export type RunEvent = z.infer<typeof RunEvent>
