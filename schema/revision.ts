import * as z from 'zod'

/** An immutable, numbered definition. `definition` is what the caller sent: it is parsed again wherever it is read. */
export const Revision = z.strictObject({
  format: z.literal(1),
  serverId: z.string(),
  serverUid: z.string(),
  number: z.number().int().positive(),
  definition: z.record(z.string(), z.unknown()),
  /** False: everything stays but the tasks. */
  enabled: z.boolean().default(true),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
})
export type Revision = z.infer<typeof Revision>
