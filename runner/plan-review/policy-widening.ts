import { coversPattern } from './covers-pattern.ts'
import { type Patterns, parsePolicy, type Statement } from './policy-document.ts'

/**
 * What a policy document lets happen that its earlier one did not, a line for each action and resource; empty where it is as
 * narrow or narrower. What cannot be decided counts as wider. No document: it allows nothing.
 */
export function policyWidening(before: unknown, after: unknown): string[] {
  const [was, is] = [before, after].map((text) => (text === undefined || text === null || text === '' ? [] : parsePolicy(text)))
  if (!was || !is) return before === after ? [] : ['its policy document cannot be read']
  const allowed = was.filter(({ effect }) => effect === 'Allow')
  const denies = is.filter(({ effect }) => effect === 'Deny')
  const added = is.filter(({ effect }) => effect === 'Allow').flatMap((statement) => uncovered(statement, allowed))
  const lifted = was.filter(({ effect }) => effect === 'Deny').flatMap((statement) => uncovered(statement, denies))
  return [...new Set([...added.map((grant) => `now also allows ${grant}`), ...lifted.map((grant) => `no longer denies ${grant}`)])]
}

interface Grant {
  readonly principal: Patterns
  readonly action: Patterns
  readonly resource: Patterns
}

/** The single principals, actions and resources of a statement that none of the others covers. */
function uncovered(statement: Statement, others: readonly Statement[]): string[] {
  const candidates = others.filter((other) => isNoStricter(other.conditions, statement.conditions))
  const covered = ({ principal, action, resource }: Grant): boolean =>
    candidates.some(
      (other) =>
        coversPatterns(other.principals, principal) &&
        coversPatterns(inLowerCase(other.actions), inLowerCase(action)) &&
        coversPatterns(other.resources, resource),
    )
  const grants = singles(statement.principals).flatMap((principal) =>
    singles(statement.actions).flatMap((action) => singles(statement.resources).map((resource) => ({ principal, action, resource }))),
  )
  const when = statement.conditions.size > 0 ? ` when ${[...statement.conditions.keys()].join(', ')}` : ''
  return grants.filter((grant) => !covered(grant)).map((grant) => `${sentence(grant)}${when}`)
}

/** A list is its members one by one; what is everything but a list stays whole. */
const singles = ({ except, patterns }: Patterns): Patterns[] =>
  except ? [{ except, patterns }] : patterns.map((pattern) => ({ except, patterns: [pattern] }))

function coversPatterns(wide: Patterns, narrow: Patterns): boolean {
  if (!wide.except) return !narrow.except ? narrow.patterns.every(inAny(wide.patterns)) : wide.patterns.includes('*')
  // Whatever the wide one leaves out, the narrow one must leave out too.
  if (narrow.except) return wide.patterns.every(inAny(narrow.patterns))
  return narrow.patterns.every((pattern) => !/[*?]/.test(pattern) && !inAny(wide.patterns)(pattern))
}

/** An action means the same in any case. */
const inLowerCase = ({ except, patterns }: Patterns): Patterns => ({ except, patterns: patterns.map((pattern) => pattern.toLowerCase()) })

const inAny =
  (patterns: readonly string[]) =>
  (pattern: string): boolean =>
    patterns.some((wide) => coversPattern(wide, pattern))

/** Whether conditions let through all that others do: each of theirs stands there too, with no value more. */
function isNoStricter(wide: Statement['conditions'], narrow: Statement['conditions']): boolean {
  return [...wide].every(([name, values]) => {
    const others = narrow.get(name)
    if (!others) return false
    const within = others.every((value) => values.includes(value))
    // Of an operator that negates or compares, fewer values may let through more.
    return within && (others.length === values.length || isPositive(name))
  })
}

const isPositive = (name: string): boolean => /^(?:For(?:Any|All)\w+:)?(?:String|Arn|Ip)(?:Equals|Like|Address)/i.test(name)

function sentence({ principal, action, resource }: Grant): string {
  const on = words(resource)
  const by = words(principal)
  return `${words(action)}${on ? ` on ${on}` : ''}${by ? ` by ${by}` : ''}`
}

const words = ({ except, patterns }: Patterns): string => (except ? `everything but ${patterns.join(', ')}` : patterns.join(', '))
