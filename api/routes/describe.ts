import * as z from 'zod'
import { isJsonObject, type JsonObject } from '../../schema/json-object.ts'
import { mergePatchType } from '../read-body.ts'

type JsonSchema = Record<string, unknown>

/** A JSON body as the document describes it. It is no zod schema on purpose: the verb parses, and reports all problems at once. */
export function jsonBody<T extends z.ZodType>(schema: T, example: z.input<T>) {
  const { $schema: _s, id: _i, ...plain }: JsonSchema = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return { required: true, content: { 'application/json': { schema: plain, example } } }
}

/** A JSON Merge Patch over `schema`: every field may be there, null removes it, and objects are merged. */
export function mergePatchBody(schema: z.ZodObject, example: object) {
  const { properties } = jsonBody(schema, {}).content['application/json'].schema
  const nullable = Object.entries(isJsonObject(properties) ? properties : {}).map(([name, field]) => [
    name,
    { anyOf: [withoutRequired(field), { type: 'null' }] },
  ])
  const patch: JsonSchema = { type: 'object', minProperties: 1, additionalProperties: false, properties: Object.fromEntries(nullable) }
  return { required: true, content: { [mergePatchType]: { schema: patch, example }, 'application/json': { schema: patch, example } } }
}

const withoutRequired = (field: unknown): unknown => (isJsonObject(field) ? omitRequired(field) : field)
const omitRequired = ({ required: _r, ...field }: JsonObject): JsonObject => field

/** A JSON answer. */
export function json<T extends z.ZodType>(description: string, schema: T, example: z.input<T>) {
  return { description, content: { 'application/json': { schema, example } } }
}

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

export const ifMatchHeader = {
  name: 'If-Match',
  in: 'header',
  required: false,
  schema: { type: 'string' },
  description:
    'An ETag of the server: refused with 412 where another revision came since. Runs that ended and tasks that came up since do not matter.',
} as const
