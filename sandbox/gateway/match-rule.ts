import type { Rule, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import { matchesWildcard } from './matches-wildcard.ts'

/** What a listener's rules look at. `path` is without the query. */
export interface RuleInput {
  readonly httpMethod: string
  readonly host: string
  readonly path: string
  readonly header: (name: string) => string | undefined
}

function meets(condition: RuleCondition, input: RuleInput): boolean {
  if (condition.Field === 'path-pattern') {
    return (condition.PathPatternConfig?.Values ?? condition.Values ?? []).some((pattern) => matchesWildcard(pattern, input.path))
  }
  if (condition.Field === 'host-header') {
    const host = input.host.replace(/:\d+$/, '').toLowerCase()
    return (condition.HostHeaderConfig?.Values ?? condition.Values ?? []).some((pattern) => matchesWildcard(pattern.toLowerCase(), host))
  }
  if (condition.Field === 'http-request-method') return (condition.HttpRequestMethodConfig?.Values ?? []).includes(input.httpMethod)
  if (condition.Field === 'http-header') {
    const value = input.header(condition.HttpHeaderConfig?.HttpHeaderName ?? '')
    return value !== undefined && (condition.HttpHeaderConfig?.Values ?? []).some((pattern) => matchesWildcard(pattern, value))
  }
  return false
}

const order = (rule: Rule): number => (rule.IsDefault || rule.Priority === 'default' ? Number.POSITIVE_INFINITY : Number(rule.Priority))

/** The first rule, by priority, all of whose conditions hold; a listener's default rule comes last. An unknown kind of condition never holds. */
export function matchRule(rules: readonly Rule[], input: RuleInput): Rule | undefined {
  return rules.toSorted((a, b) => order(a) - order(b)).find((rule) => (rule.Conditions ?? []).every((condition) => meets(condition, input)))
}
