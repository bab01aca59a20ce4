import { isJsonObject } from '../../schema/json-object.ts'
import { parseJsonText } from './json-text.ts'

/** A list of patterns, or everything but them. */
export interface Patterns {
  readonly except: boolean
  readonly patterns: readonly string[]
}

/** One statement of an IAM policy; what its kind of policy does not have is one empty pattern. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly principals: Patterns
  readonly actions: Patterns
  readonly resources: Patterns
  /** By `<operator> <key>`: the values, sorted. */
  readonly conditions: ReadonlyMap<string, readonly string[]>
}

/** The statements of a policy document as JSON text; nothing where it is not one. */
export function parsePolicy(text: unknown): Statement[] | undefined {
  const document = parseJsonText(text)
  if (!isJsonObject(document)) return undefined
  const statements = manyOf(document.Statement).filter(isJsonObject)
  return statements.map((statement) => ({
    effect: statement.Effect === 'Deny' ? 'Deny' : 'Allow',
    principals: patterns(principalsOf(statement.Principal), principalsOf(statement.NotPrincipal)),
    actions: patterns(textsOf(statement.Action), textsOf(statement.NotAction)),
    resources: patterns(textsOf(statement.Resource), textsOf(statement.NotResource)),
    conditions: conditionsOf(statement.Condition),
  }))
}

const manyOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value])
const textsOf = (value: unknown): string[] | undefined => (value === undefined ? undefined : manyOf(value).map(String))

function patterns(only: readonly string[] | undefined, except: readonly string[] | undefined): Patterns {
  return except ? { except: true, patterns: except } : { except: false, patterns: only ?? [''] }
}

/** `<kind>:<who>`; an account's number is its root. */
function principalsOf(value: unknown): string[] | undefined {
  if (value === undefined) return undefined
  if (!isJsonObject(value)) return manyOf(value).map((one) => `AWS:${one}`)
  return Object.entries(value).flatMap(([kind, who]) =>
    manyOf(who).map((one) => `${kind}:${/^\d{12}$/.test(String(one)) ? `arn:aws:iam::${one}:root` : one}`),
  )
}

function conditionsOf(value: unknown): Map<string, readonly string[]> {
  if (!isJsonObject(value)) return new Map()
  return new Map(
    Object.entries(value).flatMap(([operator, keys]) =>
      (isJsonObject(keys) ? Object.entries(keys) : []).map(
        ([key, values]) => [`${operator} ${key}`, manyOf(values).map(String).sort()] as const,
      ),
    ),
  )
}
