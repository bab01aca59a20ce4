import * as z from 'zod'

const SecretArn = z.string().regex(/^arn:aws[a-z-]*:secretsmanager:/)

/** Nothing that Terraform or a shell would read as more than text. */
const plain = /^[^\s$%{}`"']{1,400}$/
const Branch = z
  .string()
  .regex(/^[A-Za-z0-9][\w./-]{0,99}$/)
  .default('main')

const GitHubCredentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('token'), secretArn: SecretArn }),
  z.strictObject({ type: z.literal('app'), appId: z.number().int(), installationId: z.number().int(), secretArn: SecretArn }),
])

/** Where plans are reviewed as pull requests. */
export const ReviewRepository = z.discriminatedUnion('type', [
  /** A bare repository, by path or URL; works where the reconciler runs with git beside it. */
  z.strictObject({ type: z.literal('git'), remote: z.string().regex(plain), main: Branch }),
  z.strictObject({
    type: z.literal('github'),
    repository: z.string().regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/),
    apiUrl: z.url().regex(plain).default('https://api.github.com'),
    main: Branch,
    credentials: GitHubCredentials,
    webhookSecretArn: SecretArn,
  }),
])
export type ReviewRepository = z.infer<typeof ReviewRepository>

const day = 86_400

/** How a platform has its plans reviewed; which plans, `defaults.review` says. */
export const PlatformReview = z.strictObject({
  /** Nobody approves what they proposed. */
  fourEyes: z.boolean().default(false),
  /** After this long a waiting plan has expired. */
  expiresAfterSeconds: z
    .number()
    .int()
    .min(1)
    .default(7 * day),
  /** Each server is compared with what was applied this often; 0: only when somebody asks. */
  driftEveryHours: z.number().int().min(0).max(8760).default(24),
  repository: ReviewRepository.optional(),
})
export type PlatformReview = z.infer<typeof PlatformReview>

/** The platform team's rules and prices as one object in the state bucket. */
export const ReviewRules = z.strictObject({ key: z.string(), sha256: z.string() })
