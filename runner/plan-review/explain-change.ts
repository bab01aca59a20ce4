import type { PlannedAction } from '../../schema/plan-review.ts'
import { formatPath } from './attribute-path.ts'
import { attributesOf } from './attributes-of.ts'
import type { ShownChange } from './shown-plan.ts'

/** Terraform's own reasons (`action_reason`), as sentences. */
const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'Its last creation did not finish',
  replace_by_request: 'Its replacement was asked for',
  replace_by_triggers: 'What triggers its replacement has changed',
  delete_because_no_resource_config: 'It is not in the configuration any more',
  delete_because_no_module: 'Its module is not in the configuration any more',
  delete_because_no_move_target: 'It was moved to an address that is not in the configuration',
  delete_because_wrong_repetition: 'The configuration repeats it in another way',
  delete_because_count_index: 'Its index is outside the count',
  delete_because_each_key: 'Its key is not in for_each any more',
}

/** Why a resource is replaced, deleted or taken over, in a sentence; nothing for the rest. */
export function explainChange(shown: ShownChange, action: PlannedAction): string | undefined {
  const { action_reason: reason = '', change, deposed } = shown
  if (action === 'replace') return `${replacementCause(shown)}; ${replacementOrder(shown)}.`
  if (action === 'delete') {
    if (deposed) return 'An earlier replacement left it behind.'
    return `${reasons[reason] ?? 'Everything of the server is deleted'}.`
  }
  const id = change.importing?.id
  return change.importing ? `It exists already and is taken over${id ? ` as ${id}` : ''}.` : undefined
}

function replacementCause({ action_reason: reason = '', change: { replace_paths: paths = [] } }: ShownChange): string {
  const known = reasons[reason]
  if (known) return known
  const names = [...new Set(paths.map(formatPath))].sort()
  return names.length > 0 ? `${names.join(', ')} cannot change in place` : 'It cannot change in place'
}

function replacementOrder({ change }: ShownChange): string {
  if (attributesOf(change.before).skip_destroy === true) return 'the old one stays registered'
  return change.actions[0] === 'create' ? 'the new one comes before the old one goes' : 'the old one goes before the new one comes'
}
