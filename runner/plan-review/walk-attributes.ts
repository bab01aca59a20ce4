import { isDeepStrictEqual } from 'node:util'
import { isJsonObject } from '../../schema/json-object.ts'
import type { AttributeChange } from '../../schema/plan-review.ts'
import { formatPath, type Step } from './attribute-path.ts'
import type { Cover } from './cover.ts'
import { cutPair } from './cut-value.ts'
import { parseJsonText, withNamedValues } from './json-text.ts'
import { pairElements } from './pair-elements.ts'

/** Of one value: hundreds of resources stay readable. */
const mostCharacters = 2048

interface Side {
  readonly value: unknown
  readonly mask: unknown
}

/** Where two values are compared. */
export interface Place {
  readonly steps: readonly Step[]
  /** What an object's names are here: attributes, keys of a map, or fields of JSON text. */
  readonly names: 'attributes' | 'keys' | 'fields'
  readonly before: Side
  readonly after: Side
  /** Of the side after: `true` where only the apply will tell. */
  readonly unknown: unknown
}

type Found = AttributeChange & { readonly steps: readonly Step[] }

/** Every path at which the two sides differ, masked where a mask or the cover says so. */
export function walkAttributes(place: Place, cover: Cover): Found[] {
  const { before, after, unknown } = place
  if (isLeaf(place)) return leaf(place, cover)
  const documents = asDocuments(place)
  if (documents) return walkAttributes(documents, cover)
  if ([before.value, after.value].some((value) => Array.isArray(value) && value.length > 0)) {
    const pairs = pairElements(listOf(before.value), listOf(after.value))
    return pairs.flatMap((pair) => walkAttributes(element(place, pair.after ?? pair.before ?? 0, pair), cover))
  }
  const names = new Set([before.value, after.value, unknown].flatMap((value) => (isJsonObject(value) ? Object.keys(value) : [])))
  return [...names].sort().flatMap((name) => walkAttributes(member(place, name), cover))
}

/** One value: plain, masked, told by the apply only, or a list without anything to walk into. */
function isLeaf({ before, after, unknown }: Place): boolean {
  if (unknown === true || before.mask === true || after.mask === true) return true
  const values = [before.value, after.value].filter((value) => !isUnset(value))
  if (values.length === 0) return !isJsonObject(unknown) || !holdsTrue(unknown)
  if (values.every(isJsonObject)) return false
  if (values.every(Array.isArray)) return !values.every((list) => list.every((item) => isJsonObject(item)))
  return values.some((value) => parseJsonText(value) === undefined)
}

function leaf({ steps, before, after, unknown }: Place, cover: Cover): Found[] {
  const knownAfterApply = holdsTrue(unknown)
  if (!knownAfterApply && (isDeepStrictEqual(before.value, after.value) || (isUnset(before.value) && isUnset(after.value)))) return []
  const found = { steps, path: formatPath(steps), ...(knownAfterApply && { knownAfterApply: true as const }) }
  const masked = holdsTrue(before.mask) || holdsTrue(after.mask) || cover.hides(before.value) || cover.hides(after.value)
  if (masked) return [{ ...found, masked: true }]
  const next = knownAfterApply || isUnset(after.value) ? undefined : after.value
  const [was, is] = cutPair(isUnset(before.value) ? undefined : before.value, next, mostCharacters)
  return [{ ...found, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }]
}

/** JSON text is compared as what it says. */
function asDocuments(place: Place): Place | undefined {
  const { before, after } = place
  if (typeof before.value !== 'string' && typeof after.value !== 'string') return undefined
  const parsed = ({ value, mask }: Side): Side => ({ value: withNamedValues(parseJsonText(value)), mask })
  return { ...place, names: 'fields', before: parsed(before), after: parsed(after) }
}

function element(place: Place, index: number, pair: { readonly before?: number; readonly after?: number }): Place {
  return {
    ...place,
    names: place.names === 'fields' ? 'fields' : 'attributes',
    steps: [...place.steps, index],
    before: pair.before === undefined ? nothing : part(place.before, pair.before),
    after: pair.after === undefined ? nothing : part(place.after, pair.after),
    unknown: pair.after === undefined ? undefined : inner(place.unknown, pair.after),
  }
}

function member(place: Place, name: string): Place {
  return {
    ...place,
    names: place.names === 'fields' ? 'fields' : 'keys',
    steps: [...place.steps, place.names === 'keys' ? { key: name } : name],
    before: part(place.before, name),
    after: part(place.after, name),
    unknown: inner(place.unknown, name),
  }
}

const nothing: Side = { value: undefined, mask: undefined }
const part = ({ value, mask }: Side, name: string | number): Side => ({ value: inner(value, name), mask: inner(mask, name) })

/** Own members only: a name such as `constructor` is a key like any other. */
function inner(value: unknown, name: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string | number, unknown>)[name]
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const holdsTrue = (mask: unknown): boolean =>
  mask === true || (typeof mask === 'object' && mask !== null && Object.values(mask).some(holdsTrue))

/** What providers write for an attribute that nobody set. */
const isUnset = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0)
