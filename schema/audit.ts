import * as z from 'zod'
import { ErrorCode } from './error-code.ts'

/**
 * How a change ended: `started` is one that was under way when its process died, `replayed` one that an Idempotency-Key had
 * done before.
 */
export const AuditOutcome = z.enum(['started', 'done', 'replayed', 'refused', 'failed'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

/** Who asked for which change of what, when and from where, and what came of it; never what was in the request. */
export const AuditEntry = z.strictObject({
  format: z.literal(1),
  id: z.string(),
  at: z.iso.datetime(),
  /** `server:update`, `key:create`, …: what `access/` decides on. */
  action: z.string(),
  outcome: AuditOutcome,
  /** Of a refusal or failure. */
  code: ErrorCode.optional(),
  /** A principal's id; `anonymous` where nobody was signed in. */
  actor: z.string(),
  serverId: z.string().optional(),
  serverUid: z.string().optional(),
  revision: z.number().int().positive().optional(),
  runId: z.string().optional(),
  keyId: z.string().optional(),
  method: z.string(),
  path: z.string(),
  /** The address that reached the platform's edge; what callers say of themselves is not believed. */
  sourceIp: z.string(),
  requestId: z.string(),
})
export type AuditEntry = z.infer<typeof AuditEntry>
