import type * as z from 'zod'
import { GantryError } from '../schema/error-code.ts'
import { problemsOf } from '../schema/parse-definition.ts'
import { parseJson } from './read-body.ts'

/** A JSON body that must fit `schema`, or INVALID_BODY with every problem and its path. */
export function parseBody<T extends z.ZodType>(schema: T, text: string): z.infer<T> {
  const json = parseJson(text)
  if (json !== null && typeof json === 'object' && Object.hasOwn(json, '__proto__'))
    throw new GantryError('INVALID_BODY', 'The body does not fit.', { errors: [{ path: '__proto__', message: 'Unknown field' }] })
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw new GantryError('INVALID_BODY', 'The body does not fit.', { errors: problemsOf(parsed.error) })
  return parsed.data
}
