import { coverCredentials, credentialIn } from '../../schema/credential-shapes.ts'
import type { Definition } from '../../schema/definition.ts'
import type { DriftChange, IgnoredDrift } from '../../schema/drift.ts'
import { isJsonObject } from '../../schema/json-object.ts'
import { fieldOf } from './adoptable.ts'
import { type AttributeDifference, attributeDifferences, attributePath } from './attribute-differences.ts'
import { readJsonText } from './json-text.ts'
import { noiseOf } from './noise.ts'
import { foundResources, type ShownRefresh } from './shown-refresh.ts'
import { unexplained } from './unexplained.ts'

/** A change with the values it is about, which may be secret: for what is asked of them, never to be kept. */
export interface Drifted {
  readonly change: DriftChange
  readonly segments: readonly (string | number)[]
  readonly after: unknown
}

export interface Drift {
  readonly drifted: readonly Drifted[]
  readonly ignored: readonly IgnoredDrift[]
}

/** What a refresh-only plan says that somebody changed, and what differs for other reasons; `definition`: the applied one. Pure. */
export function driftOf(shown: ShownRefresh, definition?: Definition): Drift {
  const all = foundResources(shown)
  const drifted: Drifted[] = []
  const ignored: IgnoredDrift[] = []
  for (const { address, mode, type, deposed, change } of shown.resource_drift ?? []) {
    if (mode !== 'managed' || deposed !== undefined) continue
    if (change.actions.includes('delete') || change.after === null) {
      drifted.push({ change: { address, type, action: 'delete' }, segments: [], after: undefined })
      continue
    }
    const before = { value: change.before ?? {}, sensitive: change.before_sensitive }
    for (const difference of attributeDifferences(before, { value: change.after, sensitive: change.after_sensitive })) {
      const entry = noiseOf(type, difference, change.after, all, saysSo(definition, type, difference))
      if (entry) ignored.push({ address, path: coverCredentials(attributePath(difference.segments)), reason: entry.reason })
      else drifted.push(driftedOf(address, type, difference))
    }
  }
  for (const { address, type, attribute, found } of unexplained(all)) {
    drifted.push(driftedOf(address, type, { segments: [attribute], before: undefined, after: found, sensitive: false }))
  }
  return { drifted, ignored }
}

/** An adoption changes nothing in AWS, so no apply has told the state of it. */
function saysSo(definition: Definition | undefined, type: string, { segments, after }: AttributeDifference): boolean {
  const field = definition && fieldOf(type, segments, attributePath(segments))
  if (!field) return false
  const said = field.reduce<unknown>(
    (value, name) => (isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    definition,
  )
  // What no definition says has the platform's default, and is compared with the state; a tag that none says is not wanted.
  return said === after && (said !== undefined || field[0] === 'tags')
}

function driftedOf(address: string, type: string, { segments, before, after, sensitive }: AttributeDifference): Drifted {
  const about = { address, type, action: 'update' as const, path: coverCredentials(attributePath(segments)) }
  const values = {
    ...(before !== undefined && { before: readJsonText(before) }),
    ...(after !== undefined && { after: readJsonText(after) }),
  }
  const masked = sensitive || credentialIn(JSON.stringify(values)) !== undefined
  return { change: masked ? { ...about, masked: true } : { ...about, ...values }, segments, after }
}
