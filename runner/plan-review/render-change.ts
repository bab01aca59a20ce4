import type { AttributeChange, PlannedAction, PlannedChange } from '../../schema/plan-review.ts'
import { code, codePair, plural, sentence } from './markdown-text.ts'

const mostAttributes = 40

const actionWords: Readonly<Record<PlannedAction, string>> = {
  delete: 'Delete',
  replace: 'Replace',
  update: 'Update',
  import: 'Take over',
  create: 'Create',
}

/** One resource: what happens to it, why, and what differs. Of what goes or comes only what is or was set. */
export function renderChange({ address, action, why, attributes }: PlannedChange): string {
  const shown = action === 'delete' ? [] : attributes.slice(0, mostAttributes)
  const more = attributes.length - shown.length
  return [
    `#### ${actionWords[action]} ${code(address)}`,
    '',
    ...(why ? [sentence(why), ''] : []),
    ...shown.map((attribute) => `- ${renderAttribute(attribute, action)}`),
    ...(more > 0 ? [`- ${plural(more, shown.length > 0 ? 'more attribute' : 'attribute')} in the JSON`] : []),
    '',
  ].join('\n')
}

function renderAttribute(attribute: AttributeChange, action: PlannedAction): string {
  const { path, before, after, masked, knownAfterApply, forcesReplacement } = attribute
  const [last, known] = codePair(before, after)
  const next = knownAfterApply ? '(known after the apply)' : known
  const values = masked ? '(sensitive)' : action === 'create' ? next : `${last} → ${next}`
  return `${code(path)}: ${values}${forcesReplacement ? ' **forces the replacement**' : ''}`
}
