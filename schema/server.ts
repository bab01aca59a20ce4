import * as z from 'zod'
import { LoadBalancerMode } from './contract.ts'
import { ServerDrift } from './drift.ts'
import { RunError } from './run.ts'
import { ServerStatus } from './server-status.ts'

/** A tool as the server's own tools/list described it to the last run that shook hands. */
export const Tool = z.looseObject({ name: z.string(), description: z.string().optional() })
export type Tool = z.infer<typeof Tool>

/** The record of one hosted MCP server. */
export const Server = z.strictObject({
  format: z.literal(1),
  /** `serverId(name)`: what URLs and resource names carry. */
  id: z.string(),
  /** Drawn anew by each create: tells this life of the id from an earlier one. */
  uid: z.string(),
  name: z.string(),
  status: ServerStatus,
  /** The newest revision, and the one that was last applied. */
  revision: z.number().int().positive(),
  appliedRevision: z.number().int().positive().optional(),
  /** The one that a run last began to apply: what stands where a newer one is refused. */
  begunRevision: z.number().int().positive().optional(),
  /** The highest number given so far, where a refused revision has left `revision` behind it. */
  newestRevision: z.number().int().positive().optional(),
  /** SHA-256 of the contract that the applied revision was made with. */
  appliedContractSha256: z.string().optional(),
  /** How calls reach what was last applied and proven. */
  appliedMode: LoadBalancerMode.optional(),
  /** Normalized (`group:x`); empty: every authenticated caller. */
  groups: z.array(z.string()),
  /** Counts apply leases; the newest run's generation. */
  generation: z.number().int(),
  /** The run that holds the apply lease. */
  applyingRunId: z.string().optional(),
  lastRunId: z.string(),
  /** The newest run that was asked to verify it. */
  verifyRunId: z.string().optional(),
  /** The newest run that was asked whether it has drifted. */
  driftRunId: z.string().optional(),
  /** When such a run last ended with an answer. */
  driftCheckedAt: z.iso.datetime().optional(),
  /** Somebody changed it past Gantry; absent where the last check found nothing, or an apply has put it right. */
  drift: ServerDrift.optional(),
  /** The published URL, once a run has verified it. */
  endpoint: z.url().optional(),
  tools: z.array(Tool).optional(),
  error: RunError.optional(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
export type Server = z.infer<typeof Server>
