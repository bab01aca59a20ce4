import { parsePolicies } from '../../policy/parse-policies.ts'
import type { ParsedPolicy } from '../../policy/parse-policy.ts'
import { policyInput } from '../../policy/policy-input.ts'
import { Definition } from '../../schema/definition.ts'
import type { PolicyInput, PolicyResource } from '../../schema/policy.ts'
import { exampleContract } from './synth-inputs.ts'

export const noCost = { before: 0, after: 0, lines: [], prices: { date: '2026-11-01', source: 'a price list' } }
const review = {
  type: 'apply' as const,
  counts: { create: 0, update: 0, replace: 0, delete: 0, import: 0 },
  risks: [],
  cost: noCost,
  serverId: 'docsmcp',
  serverName: 'Docs MCP',
}

/** What rules are asked about, of a small server whose plan has these resources. */
export function exampleInput(definition: Record<string, unknown> = {}, resources: PolicyResource[] = [], cost = noCost): PolicyInput {
  const least = { name: 'Docs MCP', serverType: 'stdio', startCommand: 'npx -y docs-mcp' }
  const parsed = Definition.parse({ ...least, ...definition })
  const input = policyInput({ shown: {}, review: { ...review, cost }, definition: parsed, contract: exampleContract() })
  return { ...input, plan: { resources } }
}

export const resource = (type: string, after: unknown, more: Partial<PolicyResource> = {}): PolicyResource => ({
  address: `${type}.x`,
  type,
  action: 'create',
  before: null,
  after,
  ...more,
})

/** One rule as YAML, with what a rule must have. */
export const ruleText = (fields: Record<string, string> = {}): string =>
  Object.entries({ name: 'rule', description: 'A rule', level: 'deny', require: 'true', message: 'No', ...fields })
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('')

/** Rules that parse, or an error with their problems. */
export function parsed(...contents: string[]): readonly ParsedPolicy[] {
  const result = parsePolicies(contents.map((content, index) => ({ path: `rules-${index}.yaml`, content })))
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.policies
}
