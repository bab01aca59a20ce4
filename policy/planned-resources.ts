import { coverCredentials } from '../schema/credential-shapes.ts'
import { isJsonObject, type JsonObject } from '../schema/json-object.ts'
import { plannedAction } from '../schema/planned-action.ts'
import type { PolicyResource } from '../schema/policy.ts'

interface ShownChange {
  readonly address: string
  readonly type: string
  readonly mode: string
  readonly change: {
    readonly actions: readonly string[]
    readonly importing?: unknown
    readonly before?: unknown
    readonly after?: unknown
    readonly before_sensitive?: unknown
    readonly after_sensitive?: unknown
    readonly after_unknown?: unknown
  }
}

/** What `terraform show -json` gives for a plan. */
export interface ShownPlan {
  readonly resource_changes?: readonly ShownChange[]
}

const masked = '(sensitive)'

/** Every managed resource of a plan as rules see it: values not known yet are null, sensitive ones and credentials are masked. */
export function plannedResources({ resource_changes: changes = [] }: ShownPlan): PolicyResource[] {
  return changes
    .filter(({ mode }) => mode === 'managed')
    .map((resource) => {
      const { address, type, change } = resource
      return {
        address,
        type,
        action: plannedAction(resource) ?? 'no-op',
        before: known(change.before, undefined, change.before_sensitive),
        after: known(change.after, change.after_unknown, change.after_sensitive),
      }
    })
}

/** Terraform says beside a value, in its shape, what of it is unknown and what is sensitive; of the unknown it leaves out the key. */
function known(value: unknown, unknown: unknown, sensitive: unknown): unknown {
  if (sensitive === true) return value === null || value === undefined ? null : masked
  if (typeof value === 'string') return coverCredentials(value)
  if (Array.isArray(value)) {
    const [unknowns, sensitives] = [listOf(unknown), listOf(sensitive)]
    const length = Math.max(value.length, unknowns.length)
    return Array.from({ length }, (_, index) => known(value[index], unknowns[index], sensitives[index]))
  }
  if (!isJsonObject(value) && !isJsonObject(unknown)) return value ?? null
  const [values, unknowns, sensitives] = [objectOf(value), objectOf(unknown), objectOf(sensitive)]
  const keys = new Set([...Object.keys(values), ...Object.keys(unknowns)])
  return Object.fromEntries([...keys].map((key) => [key, known(own(values, key), own(unknowns, key), own(sensitives, key))]))
}

const own = (object: JsonObject, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined)
const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
