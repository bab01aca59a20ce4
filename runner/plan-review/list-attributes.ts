import type { AttributeChange } from '../../schema/plan-review.ts'
import { isWithin } from './attribute-path.ts'
import type { Cover } from './cover.ts'
import type { ShownChange } from './shown-plan.ts'
import { type Place, walkAttributes } from './walk-attributes.ts'

/**
 * What differs in a resource, path by path. `configured` are the attributes that the configuration sets: of the others, those that
 * only the apply will tell say nothing.
 */
export function listAttributes({ change }: ShownChange, configured: ReadonlySet<string> | undefined, cover: Cover): AttributeChange[] {
  const root: Place = {
    steps: [],
    names: 'attributes',
    before: { value: change.before, mask: change.before_sensitive },
    after: { value: change.after, mask: change.after_sensitive },
    unknown: change.after_unknown,
  }
  const paths = change.replace_paths ?? []
  return walkAttributes(root, cover).flatMap(({ steps, ...attribute }): AttributeChange[] => {
    const [name] = steps
    if (attribute.knownAfterApply && steps.length === 1 && configured?.has(String(name)) === false) return []
    return [{ ...attribute, ...(paths.some((path) => isWithin(steps, path)) && { forcesReplacement: true as const }) }]
  })
}
