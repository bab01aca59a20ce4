import * as z from 'zod'

/** A key as it is stored: the secret only as its SHA-256. The bearer token is `gantry_<id>_<secret>`. */
export const ApiKey = z.strictObject({
  format: z.literal(1),
  id: z.string().regex(/^[a-z0-9]{16}$/),
  secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
  description: z.string(),
  admin: z.boolean(),
  /** Normalized groups of the caller that carries this key. */
  groups: z.array(z.string()),
  /** Set on a run's own key: it opens this one server and nothing else. */
  onlyServer: z.strictObject({ id: z.string(), uid: z.string() }).optional(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
})
export type ApiKey = z.infer<typeof ApiKey>
