import { getObject } from '../../aws/objects.ts'
import type { ParsedPolicy } from '../../policy/parse-policy.ts'
import { RulesDocument } from '../../schema/policy.ts'
import type { PriceFile } from '../../schema/price-file.ts'
import { sha256 } from '../archive.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

export interface Rules {
  readonly policies: readonly ParsedPolicy[]
  /** The platform's own price list; absent where it has none. */
  readonly prices?: PriceFile
}

/**
 * The rules and prices that the platform's contract names; none where it names none. Throws a RunFailure where they are not the
 * ones that it names (PLAN_FAILED), or do not parse (POLICY_DENIED): no plan passes unasked.
 */
export async function readRules({ clients, contract }: Pick<RunContext, 'clients' | 'contract'>): Promise<Rules> {
  const { rules } = contract.review
  if (!rules) return { policies: [] }
  const fix = "Apply the platform's stack again, then start a new run."
  const object = await getObject(clients.s3, contract.stateBucket, rules.key)
  if (!object) throw new RunFailure('PLAN_FAILED', `The platform's rules ${rules.key} are not in ${contract.stateBucket}. ${fix}`)
  const got = sha256(object.body)
  if (got !== rules.sha256) {
    throw new RunFailure('PLAN_FAILED', `The SHA-256 of the platform's rules ${rules.key} is ${got}, expected ${rules.sha256}. ${fix}`)
  }
  // Most of what it takes to parse them is loaded where there are rules only.
  const { parsePolicies, problemLines } = await import('../../policy/parse-policies.ts')
  const { policies: files, ...prices } = RulesDocument.omit({ format: true }).strip().parse(JSON.parse(object.body.toString()))
  const parsed = parsePolicies(files)
  if (parsed.ok) return { policies: parsed.policies, ...prices }
  throw new RunFailure('POLICY_DENIED', `The platform's rules do not parse, so no plan passes. ${fix}\n${problemLines(parsed.problems)}`)
}
