import * as z from 'zod'
import { Problem } from '../problem.ts'

type JsonSchema = Record<string, unknown>

/** A JSON body as the document describes it. It is no zod schema on purpose: the verb parses, and reports all problems at once. */
export function jsonBody(schema: z.ZodType) {
  const { $schema: _s, id: _i, ...plain }: JsonSchema = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return { required: true, content: { 'application/json': { schema: plain } } }
}

/** A JSON answer. */
export function json<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } }
}

/** What every call may answer besides. */
export const problems = { default: { description: 'A refusal', content: { 'application/problem+json': { schema: Problem } } } }

export const signed = { security: [{ apiKey: [] as string[] }] }

export const pageQuery = z.object({
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), cursor: z.string().optional() })
}

export const idempotencyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 255 },
  description: 'The same key with the same body gets the first answer again, for 24 hours.',
} as const
