import * as z from 'zod'
import { Definition } from './definition.ts'
import { MonthlyCost, PlanCounts, PlannedAction, Risk } from './plan-review.ts'
import { PriceFile } from './price-file.ts'
import { RunType } from './run-type.ts'

const Expression = z.string().min(1).max(4000)

/** One rule of the platform team, as a document of a YAML file says it (docs/guides/policies.md). Expressions are CEL. */
export const Policy = z.strictObject({
  /** Unique on its platform. */
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'expected lower-case words with hyphens between them' })
    .max(64),
  description: z.string().min(1).max(500),
  level: z.enum(['deny', 'warn'], { error: 'expected deny or warn' }),
  /** Which resources of the plan the rule is asked about, one by one as `resource`; omitted: it is asked once about the plan. */
  match: Expression.optional(),
  /** What must be true. */
  require: Expression,
  /** What to say where it is not: text, or an expression that gives text. */
  message: z.string().min(1).max(1000).optional(),
  messageExpression: Expression.optional(),
})
export type Policy = z.infer<typeof Policy>

/** A resource of the plan, unchanged ones too. What only the apply will tell is null; sensitive values are masked. */
export const PolicyResource = z.strictObject({
  address: z.string(),
  type: z.string(),
  action: z.enum([...PlannedAction.options, 'no-op']),
  before: z.unknown(),
  after: z.unknown(),
})
export type PolicyResource = z.infer<typeof PolicyResource>

/** What rules can ask about: one variable for each field. Every number is a double. */
export const PolicyInput = z.strictObject({
  /** As the caller sent it, with the platform's defaults in it. */
  definition: z.strictObject(Definition.shape),
  plan: z.strictObject({ resources: z.array(PolicyResource) }),
  review: z.strictObject({ type: RunType, counts: PlanCounts, risks: z.array(Risk), cost: MonthlyCost }),
  server: z.strictObject({ id: z.string(), name: z.string() }),
  platform: z.strictObject({ name: z.string(), region: z.string(), egress: z.enum(['nat', 'none']) }),
})
export type PolicyInput = z.infer<typeof PolicyInput>

/** A file of rules; `path` is relative to the directory of rules. */
export const PolicyFile = z.strictObject({ path: z.string(), content: z.string() })
export type PolicyFile = z.infer<typeof PolicyFile>

/** The platform team's files as the state bucket keeps them, in one object. */
export const RulesDocument = z.strictObject({
  format: z.literal(1),
  policies: z.array(PolicyFile),
  /** The price list's content, where the platform has one of its own. */
  prices: PriceFile.optional(),
})
export type RulesDocument = z.infer<typeof RulesDocument>
