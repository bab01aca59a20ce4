import type { Risk } from '../../schema/plan-review.ts'
import { plannedAction } from '../../schema/planned-action.ts'
import { attributesOf, blocksOf, textsOf } from './attributes-of.ts'
import { policyWidening } from './policy-widening.ts'
import type { ShownChange } from './shown-plan.ts'

const documents = ['policy', 'assume_role_policy', 'inline_policy', 'key_policy', 'access_policy', 'resource_policy']

/** What somebody may do after the plan and may not do before it. */
export function iamWidening(shown: ShownChange): Risk[] {
  const action = plannedAction(shown)
  if (!action || action === 'delete') return []
  const details = [...documents.flatMap((name) => documentWidening(shown, name)), ...attachmentWidening(shown)]
  if (details.length === 0) return []
  const message = action === 'create' ? 'A new policy allows more than before.' : 'Its policy allows more than before.'
  return [{ kind: 'iam-widening', address: shown.address, message, details }]
}

/** Whom a policy is for: for another one, all that it allows is new. */
const holders = ['role', 'user', 'group', 'bucket']

function documentWidening({ type, change }: ShownChange, name: string): string[] {
  const [was, is] = [attributesOf(change.before), attributesOf(change.after)]
  const moved = holders.some((holder) => was[holder] !== is[holder])
  const [before, after] = [moved ? undefined : was[name], is[name]]
  if (attributesOf(change.after_unknown)[name] === true) {
    // A role that nobody gave inline policies has them unknown, too.
    const given = name !== 'inline_policy' && (type.startsWith('aws_iam_') || Boolean(before))
    return given ? [`its ${name} is known only after the apply and cannot be compared`] : []
  }
  if (name !== 'inline_policy') return policyWidening(before, after)
  const earlier = new Map(blocksOf(before).map((block) => [block.name, block.policy]))
  return blocksOf(after).flatMap((block) => policyWidening(earlier.get(block.name), block.policy))
}

/** Managed policies that come, and a boundary that goes or is another. */
function attachmentWidening({ type, change }: ShownChange): string[] {
  const [before, after] = [attributesOf(change.before), attributesOf(change.after)]
  const had = new Set(textsOf(before.managed_policy_arns))
  const managed = textsOf(after.managed_policy_arns).filter((arn) => !had.has(arn))
  const attached =
    type.endsWith('_policy_attachment') && after.policy_arn !== before.policy_arn
      ? [String(after.policy_arn ?? 'one made by this plan')]
      : []
  const [limit, next] = [before.permissions_boundary, after.permissions_boundary]
  const boundary = limit && limit !== next ? [`its permissions boundary changes from ${limit} to ${next || 'none'}`] : []
  return [...[...managed, ...attached].map((arn) => `now also has all that policy ${arn} allows`), ...boundary]
}
