import * as z from 'zod'

const daySeconds = 86_400

/** What POST /api-keys takes. */
export const NewKey = z.strictObject({
  description: z.string().trim().min(1).max(200),
  admin: z.boolean().default(false),
  groups: z.array(z.string().trim().min(1).max(100)).max(50).default([]),
  expiresInSeconds: z
    .number()
    .int()
    .min(60)
    .max(366 * daySeconds)
    .default(90 * daySeconds),
})
export type NewKey = z.infer<typeof NewKey>
