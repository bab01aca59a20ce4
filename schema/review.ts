import * as z from 'zod'

export const ReviewProviderName = z.enum(['git', 'github'])

/** Of a change that somebody committed to the review repository: what it is called there and its newest commit. */
export const Proposal = z.strictObject({
  provider: ReviewProviderName,
  /** The branch that holds it; on GitHub also the pull request's number. */
  branch: z.string(),
  number: z.number().int().optional(),
  commit: z.string(),
  /** Who made it: `git:<e-mail>` or `github:<login>`. */
  by: z.string(),
})
export type Proposal = z.infer<typeof Proposal>

/** What an approval is of. Hashes are SHA-256 in lower-case hex. */
export const ApprovedPlan = z.strictObject({
  planSha256: z.string(),
  lockSha256: z.string(),
  contractSha256: z.string(),
  baseSerial: z.number().int(),
  lineage: z.string(),
  serverUid: z.string(),
  revision: z.number().int(),
  /** The server's, when it was planned: each apply since has counted it on. */
  generation: z.number().int(),
})
export type ApprovedPlan = z.infer<typeof ApprovedPlan>

export const Approval = z.strictObject({
  /** A principal's id, `git:<e-mail>` or `github:<login>`. */
  by: z.string(),
  at: z.iso.datetime(),
  via: z.enum(['api', 'git', 'github']),
  /** The commit on the main branch that says so. */
  commit: z.string().optional(),
  plan: ApprovedPlan,
})
export type Approval = z.infer<typeof Approval>

/** The pull request of one run. */
export const Review = z.strictObject({
  format: z.literal(1),
  runId: z.string(),
  serverId: z.string(),
  provider: ReviewProviderName,
  branch: z.string(),
  /** The head that carries what was planned. */
  commit: z.string(),
  number: z.number().int().optional(),
  url: z.url().optional(),
  /** The pull request is somebody's proposal, not of our making. */
  proposed: z.boolean(),
  /** Of a proposal: its plan stood there while nobody had merged it, so that a merge is of that plan. */
  planShown: z.literal(true).optional(),
  /** SHA-256 of what it shows; it is written again only where that differs. */
  shown: z.string(),
  /** Nothing more will be shown; a late merge is still answered. */
  ended: z.boolean(),
  /** SHA-256 of what was last answered there; nothing is said twice in a row. */
  answered: z.string().optional(),
  /** Counts writes: of two at once the second is refused. */
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
export type Review = z.infer<typeof Review>
