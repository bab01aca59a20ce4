import { isJsonObject } from '../../schema/json-object.ts'

/** What a text says if it is a JSON object or list; anything else as it is. */
export function readJsonText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** One text for all ways to write the same: names of objects in order, and in a policy a text and a list of it alike. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value, isPolicy(value)))
}

const isPolicy = (value: unknown): boolean => isJsonObject(value) && 'Statement' in value

function sorted(value: unknown, policy: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item, policy))
    if (!policy) return items
    return items.length === 1 ? items[0] : items.map((item) => JSON.stringify(item)).sort()
  }
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(([name, item]) => [name, sorted(item, policy)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
