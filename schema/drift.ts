import * as z from 'zod'

/** One thing that is not as it was applied; `path` as Terraform writes it (`health_check[0].interval`). */
export const DriftChange = z
  .strictObject({
    /** Terraform's address. */
    address: z.string(),
    type: z.string(),
    /** `delete`: the resource is gone, and there is no path. */
    action: z.enum(['update', 'delete']),
    path: z.string().optional(),
    /** As it was applied; absent where it was not set. */
    before: z.unknown().optional(),
    /** As it was found; absent where it is not set. */
    after: z.unknown().optional(),
    /** Sensitive, or of a credential's shape: neither value is kept. */
    masked: z.literal(true).optional(),
    /** Neither value is kept because they are too long. */
    long: z.literal(true).optional(),
    /** An apply does not change it back: Gantry does not manage it. */
    stays: z.literal(true).optional(),
  })
  .meta({ id: 'DriftChange' })
export type DriftChange = z.infer<typeof DriftChange>

/** A difference that nobody caused, and why it is none. */
export const IgnoredDrift = z.strictObject({ address: z.string(), path: z.string(), reason: z.string() })
export type IgnoredDrift = z.infer<typeof IgnoredDrift>

export const ServerDrift = z
  .strictObject({
    /** When a check first found drift; kept until one finds none or an apply has put it right. */
    since: z.iso.datetime(),
    checkedAt: z.iso.datetime(),
    /** The run that found it. */
    runId: z.string(),
    changes: z.array(DriftChange),
    /** So many more changes than are kept here. */
    more: z.number().int().positive().optional(),
    ignored: z.array(IgnoredDrift),
    moreIgnored: z.number().int().positive().optional(),
    /** A JSON Merge Patch after which the definition says what was found, as far as fields map. */
    adopt: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'ServerDrift' })
export type ServerDrift = z.infer<typeof ServerDrift>
