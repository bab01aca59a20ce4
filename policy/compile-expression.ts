import { Environment, type EvaluationError, ParseError } from '@marcbachmann/cel-js'
import { PolicyInput } from '../schema/policy.ts'
import { type ExpressionProblem, unknownFields } from './unknown-fields.ts'

/** An expression that parses; evaluating throws where a field is missing or types do not fit. */
export type Evaluate = (variables: Readonly<Record<string, unknown>>) => unknown

export type CompiledExpression =
  | { readonly ok: true; readonly evaluate: Evaluate }
  | { readonly ok: false; readonly problems: ExpressionProblem[] }

const limits = { maxAstNodes: 2000, maxDepth: 50 }
const aboutPlan = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits })
for (const name of Object.keys(PolicyInput.shape)) aboutPlan.registerVariable(name, 'map')
const aboutResource = aboutPlan.clone().registerVariable('resource', 'map')

/** Parses and checks CEL: syntax, names, functions, and the type of what comes out as far as it can be told. */
export function compileExpression(text: string, gives: 'bool' | 'string', about: 'plan' | 'resource'): CompiledExpression {
  try {
    const parsed = (about === 'plan' ? aboutPlan : aboutResource).parse(text)
    const unknown = unknownFields(parsed.ast)
    if (unknown.length > 0) return { ok: false, problems: unknown }
    const { type, error } = parsed.check()
    if (error) return { ok: false, problems: [problemOf(error)] }
    if (type !== gives && type !== 'dyn')
      return { ok: false, problems: [{ offset: 0, message: `expected a ${gives}, this gives ${type}` }] }
    return { ok: true, evaluate: (variables) => parsed({ ...variables }) }
  } catch (error) {
    return { ok: false, problems: [problemOf(error)] }
  }
}

/** Where in its expression an error is, and what it says in one line. */
export function problemOf(error: unknown): ExpressionProblem {
  if (!(error instanceof Error)) return { offset: 0, message: String(error) }
  const { range, summary } = error as EvaluationError
  const message = summary ?? error.message
  return { offset: range?.start ?? 0, message: error instanceof ParseError ? `not CEL: ${message}` : message }
}
