import { type Document, isMap, isScalar, type LineCounter, type Node, type Scalar } from 'yaml'
import type * as z from 'zod'
import { Policy } from '../schema/policy.ts'
import { compileExpression, type Evaluate, problemOf } from './compile-expression.ts'
import { sourceOffset } from './source-offset.ts'

/** One thing that is wrong in a file of rules; lines and columns count from 1. */
export interface PolicyProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Evaluates an expression; where that fails it throws an error that begins with file, line and column. */
interface PlacedExpression {
  readonly evaluate: Evaluate
  /** `file:line:column` of its beginning. */
  readonly place: string
}

/** A rule that can be evaluated. */
export interface ParsedPolicy extends Pick<Policy, 'name' | 'level' | 'message'> {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly match?: PlacedExpression
  readonly require: PlacedExpression
  readonly messageExpression?: PlacedExpression
}

export interface PolicySource {
  readonly path: string
  readonly content: string
  readonly lines: LineCounter
}

/** One document of a file as a rule; what is wrong with it is added to `problems`. */
export function parsePolicy(source: PolicySource, document: Document.Parsed, problems: PolicyProblem[]): ParsedPolicy | undefined {
  const before = problems.length
  const begin = document.contents?.range[0] ?? 0
  const problem = (offset: number, message: string): void => void problems.push({ file: source.path, ...placeOf(source, offset), message })
  for (const { pos, message } of [...document.errors, ...document.warnings]) problem(pos[0], message)
  if (problems.length > before) return undefined
  const parsed = Policy.safeParse(document.toJS({ maxAliasCount: 0 }))
  if (!parsed.success) for (const { path, message } of fieldProblems(parsed.error.issues)) problem(offsetOf(document, path, begin), message)
  const policy = parsed.data
  if (!policy) return undefined
  if ((policy.message === undefined) === (policy.messageExpression === undefined)) {
    problem(begin, 'expected either message (text) or messageExpression (CEL that gives text)')
  }
  const about = policy.match === undefined ? 'plan' : 'resource'
  const compile = (field: 'match' | 'require' | 'messageExpression', gives: 'bool' | 'string'): PlacedExpression | undefined => {
    const text = policy[field]
    const node = document.get(field, true) as Scalar<string>
    if (text === undefined) return undefined
    const compiled = compileExpression(text, gives, about)
    const at = (offset: number): number => sourceOffset(source.content, node, offset)
    if (compiled.ok) return { evaluate: placed(source, at, compiled.evaluate), place: placeText(source, at(0)) }
    for (const { offset, message } of compiled.problems) problem(at(offset), `${field}: ${message}`)
    return undefined
  }
  const match = compile('match', 'bool')
  const require = compile('require', 'bool')
  const messageExpression = compile('messageExpression', 'string')
  if (problems.length > before || !require) return undefined
  const { name, level, message } = policy
  return {
    name,
    level,
    file: source.path,
    ...placeOf(source, begin),
    require,
    ...(message === undefined ? {} : { message }),
    ...(match ? { match } : {}),
    ...(messageExpression ? { messageExpression } : {}),
  }
}

function placed(source: PolicySource, at: (offset: number) => number, evaluate: Evaluate): Evaluate {
  return (variables) => {
    try {
      return evaluate(variables)
    } catch (error) {
      const { offset, message } = problemOf(error)
      throw new Error(`${placeText(source, at(offset))}: ${message}`, { cause: error })
    }
  }
}

function placeOf({ lines }: PolicySource, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function placeText(source: PolicySource, offset: number): string {
  const { line, column } = placeOf(source, offset)
  return `${source.path}:${line}:${column}`
}

/** An unknown field has a problem of its own. */
const fieldProblems = (issues: readonly z.core.$ZodIssue[]): { path: PropertyKey[]; message: string }[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [key], message: `unknown field ${key}; expected only ${Object.keys(Policy.shape).join(', ')}` }))
      : [{ path: issue.path, message: `${issue.path.join('.') || 'a rule'}: ${issue.message}` }],
  )

/** Of the field's name, or of the rule where it has no such field. */
function offsetOf({ contents }: Document.Parsed, [field]: readonly PropertyKey[], begin: number): number {
  const pair = isMap(contents) ? contents.items.find(({ key }) => isScalar(key) && key.value === field) : undefined
  return (pair?.key as Node | undefined)?.range?.[0] ?? begin
}
