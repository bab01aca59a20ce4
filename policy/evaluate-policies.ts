import { coverCredentials } from '../schema/credential-shapes.ts'
import type { PolicyFinding } from '../schema/plan-review.ts'
import type { PolicyInput, PolicyResource } from '../schema/policy.ts'
import type { ParsedPolicy } from './parse-policy.ts'
import { withinTime } from './within-time.ts'

const maxMessageCharacters = 1000

/**
 * What the rules say about a plan, in the order of the rules and of the plan. Fails closed: a rule that cannot be evaluated is a
 * `deny`, whatever its level, whose message says where and why.
 */
export function evaluatePolicies(policies: readonly ParsedPolicy[], input: PolicyInput): PolicyFinding[] {
  return policies.flatMap((policy) => {
    try {
      return withinTime(() => evaluateRule(policy, input))
    } catch (error) {
      return [denial(policy, new Error(`${policy.file}:${policy.line}:${policy.column}: ${messageIn(error)}`))]
    }
  })
}

function evaluateRule(policy: ParsedPolicy, input: PolicyInput): PolicyFinding[] {
  if (!policy.match) return evaluateOne(policy, input)
  return input.plan.resources.flatMap((resource) => evaluateOne(policy, input, resource))
}

function evaluateOne(policy: ParsedPolicy, input: PolicyInput, resource?: PolicyResource): PolicyFinding[] {
  const { name: rule, file, level, match, require } = policy
  const about = resource ? { address: resource.address } : {}
  const variables = resource ? { ...input, resource } : input
  try {
    if (match && !truth(match, variables)) return []
    if (truth(require, variables)) return []
    return [{ rule, file, ...about, level, message: shown(messageOf(policy, variables)) }]
  } catch (error) {
    return [{ ...denial(policy, error), ...about }]
  }
}

const messageIn = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const denial = ({ name: rule, file }: ParsedPolicy, error: unknown): PolicyFinding => ({
  rule,
  file,
  level: 'deny',
  message: shown(`The rule ${rule} could not be evaluated, so it denies. ${messageIn(error)}`),
})

type Placed = ParsedPolicy['require']

function truth({ evaluate, place }: Placed, variables: Readonly<Record<string, unknown>>): boolean {
  const value = evaluate(variables)
  if (typeof value !== 'boolean') throw new Error(`${place}: it gave ${kindOf(value)}, expected true or false`)
  return value
}

function messageOf({ message, messageExpression }: ParsedPolicy, variables: Readonly<Record<string, unknown>>): string {
  if (!messageExpression) return message ?? ''
  const value = messageExpression.evaluate(variables)
  if (typeof value !== 'string') throw new Error(`${messageExpression.place}: it gave ${kindOf(value)}, expected text`)
  return value
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`)

/** Rules can repeat what a plan or a definition holds. */
const shown = (message: string): string => coverCredentials(message).slice(0, maxMessageCharacters)
