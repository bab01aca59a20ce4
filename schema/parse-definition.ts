import * as z from 'zod'
import { Definition } from './definition.ts'
import type { FieldError } from './error-code.ts'
import { oneOf, refusal, show } from './refusal.ts'

export type ParsedDefinition =
  | { readonly ok: true; readonly definition: Definition }
  | { readonly ok: false; readonly errors: FieldError[] }

/** A definition, or every problem of it at once, each with its path. */
export function parseDefinition(input: unknown): ParsedDefinition {
  const parsed = Definition.safeParse(input, { error: describe })
  return parsed.success ? { ok: true, definition: parsed.data } : { ok: false, errors: problemsOf(parsed.error) }
}

/** What zod found, one line for each field; an unknown field is named by its own path. */
export function problemsOf(error: z.core.$ZodError): FieldError[] {
  const problems = error.issues.flatMap((issue) => explain(issue, []))
  return [...new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem])).values()]
}

function explain(issue: z.core.$ZodIssue, parents: readonly PropertyKey[]): FieldError[] {
  const path = [...parents, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: fieldPath([...path, key]), message: laterFields.get(key) ?? issue.message }))
  }
  const nearest = issue.code === 'invalid_union' ? nearestBranch(issue.errors) : undefined
  return nearest ? nearest.flatMap((inner) => explain(inner, path)) : [{ path: fieldPath(path), message: issue.message }]
}

/** Of a union's branches the one that was meant: the value is of its kind, and it complains least. */
function nearestBranch(branches: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] | undefined {
  const meant = branches.filter((issues) => issues.every(({ path, code }) => path.length > 0 || code !== 'invalid_type'))
  const [best, next] = [...meant].sort((a, b) => a.length - b.length)
  return best && next?.length !== best.length ? best : undefined
}

const comesLater = 'not known to this version of Gantry; it comes with a later one. Leave it out'
const laterFields: ReadonlyMap<string, string> = new Map(['tracing', 'alarms', 'bakeMinutes'].map((field) => [field, comesLater]))

/** `autoScalingConfig.minCapacity`, `groups[0]`, `tags["cost center"]`; the whole is ''. */
function fieldPath(path: readonly PropertyKey[]): string {
  return path.map((part, index) => pathPart(part, index === 0)).join('')
}

function pathPart(part: PropertyKey, first: boolean): string {
  if (typeof part === 'number') return `[${part}]`
  const name = String(part)
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `[${JSON.stringify(name)}]`
  return first ? name : `.${name}`
}

/** Words for the problems that have none of their own in the schema. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return `unknown field; expected only ${oneOf(fieldsOf(issue.inst))}`
  if (issue.code === 'invalid_value') return missingOr(issue.input, oneOf(issue.values.map(String)))
  if (issue.code === 'invalid_type') return missingOr(issue.input, kinds.get(issue.expected) ?? `a ${issue.expected}`)
  if (issue.code === 'invalid_union') return missingOr(issue.input, 'another kind of value')
  return undefined
}

const missingOr = (got: unknown, expected: string): string =>
  got === undefined ? `missing; expected ${expected}` : refusal(show(got), expected)
const kinds: ReadonlyMap<string, string> = new Map([
  ['object', 'an object'],
  ['record', 'an object'],
  ['array', 'a list'],
  ['boolean', 'true or false'],
])

const fieldsOf = (schema: unknown): string[] => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])
