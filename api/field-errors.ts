import type * as z from 'zod'
import type { FieldError } from '../schema/error-code.ts'

/** What zod found, one line for each field; an unknown field is named by its own path. */
export function fieldErrors(error: z.core.$ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: pathOf(issue.path), message: issue.message }]
    return issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: 'Unknown field' }))
  })
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('')
}
