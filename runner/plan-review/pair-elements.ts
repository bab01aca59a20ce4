import { isDeepStrictEqual } from 'node:util'
import { isJsonObject } from '../../schema/json-object.ts'

export interface Pair {
  /** Indexes; absent where one side has no such element. */
  readonly before?: number
  readonly after?: number
}

/** What belongs together in two lists of objects: the same name, else the same content, else what is left, in order. */
export function pairElements(before: readonly unknown[], after: readonly unknown[]): Pair[] {
  const from = new Map<number, number>()
  const free = new Set(before.keys())
  const take = (same: (one: unknown, other: unknown) => boolean): void => {
    for (const [index, element] of after.entries()) {
      if (from.has(index)) continue
      const found = [...free].find((candidate) => same(before[candidate], element))
      if (found === undefined) continue
      from.set(index, found)
      free.delete(found)
    }
  }
  take((one, other) => nameOf(one) !== undefined && nameOf(one) === nameOf(other))
  take(isDeepStrictEqual)
  take((one, other) => nameOf(one) === undefined || nameOf(other) === undefined)
  const kept = [...after.keys()].map((index): Pair => {
    const other = from.get(index)
    return other === undefined ? { after: index } : { before: other, after: index }
  })
  return [...kept, ...[...free].map((index): Pair => ({ before: index }))]
}

/** A container's name or a statement's id. */
function nameOf(element: unknown): string | undefined {
  if (!isJsonObject(element)) return undefined
  const name = element.name ?? element.Sid
  return typeof name === 'string' ? name : undefined
}
