import type { Definition } from '../../schema/definition.ts'
import { isJsonObject, type JsonObject } from '../../schema/json-object.ts'
import { parseDefinition } from '../../schema/parse-definition.ts'
import { fieldOf } from './adoptable.ts'
import type { Drifted } from './drift-of.ts'

interface Wanted {
  readonly field: readonly string[]
  readonly value: unknown
}

/**
 * A JSON Merge Patch (RFC 7396) after which the definition says what was found: of each field that maps, has one value and
 * makes a definition that Gantry accepts. Undefined where there is none.
 */
export function adoptPatch(drifted: readonly Drifted[], definition: Definition): JsonObject | undefined {
  let accepted: readonly Wanted[] = []
  for (const group of together(wantedOf(drifted))) {
    const all = accepted.concat(group)
    if (parseDefinition(withFields(definition, all)).ok) accepted = all
  }
  if (accepted.length === 0) return undefined
  return withFields(
    {},
    accepted.map(({ field, value }) => ({ field, value: value ?? null })),
  )
}

/** Fields that are judged by one rule, such as the bounds of scaling, are accepted or left out together; each tag is its own. */
function together(wanted: readonly Wanted[]): Wanted[][] {
  const groups = new Map<string, Wanted[]>()
  for (const each of wanted) {
    const key = each.field[0] === 'tags' ? JSON.stringify(each.field) : (each.field[0] ?? '')
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()]
}

function wantedOf(drifted: readonly Drifted[]): Wanted[] {
  const byField = new Map<string, Wanted | undefined>()
  for (const { change, segments, after } of drifted) {
    const field = change.masked ? undefined : fieldOf(change.type, segments, change.path ?? '')
    if (!field) continue
    const key = JSON.stringify(field)
    const other = byField.get(key)
    // Two resources that say different things cannot both be what the definition says.
    byField.set(key, byField.has(key) && (other === undefined || other.value !== after) ? undefined : { field, value: after })
  }
  return [...byField.values()].filter((wanted) => wanted !== undefined)
}

const withFields = (to: JsonObject, wanted: readonly Wanted[]): JsonObject =>
  wanted.reduce((target, { field, value }) => withField(target, field, value), to)

/** A copy in which the field has the value, or is gone where that is undefined. */
function withField(to: JsonObject, [name = '', ...rest]: readonly string[], value: unknown): JsonObject {
  const inner = Object.hasOwn(to, name) ? to[name] : undefined
  const next = rest.length > 0 ? withField(isJsonObject(inner) ? inner : {}, rest, value) : value
  const others = Object.entries(to).filter(([other]) => other !== name)
  return Object.fromEntries(next === undefined ? others : [...others, [name, next]])
}
