import { isJsonObject } from '../../schema/json-object.ts'
import type { Risk } from '../../schema/plan-review.ts'
import { plannedAction } from '../../schema/planned-action.ts'
import { attributesOf } from './attributes-of.ts'
import { parseJsonText } from './json-text.ts'
import type { ShownChange } from './shown-plan.ts'

const roles = ['task_role_arn', 'execution_role_arn']

/** Roles and secrets that tasks have after the plan and did not have before it. */
export function rebinding(shown: ShownChange): Risk[] {
  const action = plannedAction(shown)
  if (shown.type !== 'aws_ecs_task_definition' || !action || action === 'delete') return []
  const details = [...rebound(shown), ...newSecrets(shown)]
  if (details.length === 0) return []
  return [{ kind: 'rebinding', address: shown.address, message: 'Tasks get another role or other secrets than before.', details }]
}

function rebound({ change }: ShownChange): string[] {
  const [before, after, unknown] = [change.before, change.after, change.after_unknown].map(attributesOf)
  return roles.flatMap((name) => {
    const next = unknown?.[name] === true ? 'one known only after the apply' : after?.[name] || 'none'
    const last = before?.[name] || 'none'
    return last === next ? [] : [`${name}: ${last} → ${next}`]
  })
}

function newSecrets({ change }: ShownChange): string[] {
  const unknown = attributesOf(change.after_unknown).container_definitions === true
  if (unknown) return ['container_definitions are known only after the apply: their secrets cannot be compared']
  const [before, after] = [change.before, change.after].map((side) => secretsOf(attributesOf(side).container_definitions))
  return [...(after ?? [])].flatMap(([name, from]) => {
    const last = before?.get(name)
    return last === from ? [] : [`secret ${name}: ${last ? `${last} → ` : 'new, '}${from}`]
  })
}

/** By `<variable> of <container>`: where its value comes from. */
function secretsOf(text: unknown): Map<string, string> {
  const containers = parseJsonText(text)
  const entries = (Array.isArray(containers) ? containers : [])
    .filter(isJsonObject)
    .flatMap(({ name, secrets }) =>
      (Array.isArray(secrets) ? secrets : [])
        .filter(isJsonObject)
        .map((secret) => [`${secret.name} of ${name}`, String(secret.valueFrom)] as const),
    )
  return new Map(entries)
}
