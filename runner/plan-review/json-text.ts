import { isJsonObject, type JsonObject } from '../../schema/json-object.ts'

const mostDepth = 32

/** The object or list that a text is as JSON; nothing for another text and for one nested too deep to walk. */
export function parseJsonText(text: unknown): JsonObject | unknown[] | undefined {
  if (typeof text !== 'string' || !/^\s*[[{]/.test(text) || depthOf(text) > mostDepth) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) || isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0]
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/g)) {
    if (token === '[' || token === '{') depth += 1
    if (token === ']' || token === '}') depth -= 1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

/** Lists of ECS's `{ name, value }` and `{ name, valueFrom }` as maps by name: their order means nothing. */
export function withNamedValues(value: unknown): unknown {
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withNamedValues(item)]))
  if (!Array.isArray(value)) return value
  const entries = value.map(namedValue)
  const names = new Set(entries.map((entry) => entry?.[0]))
  if (value.length === 0 || names.has(undefined) || names.size < value.length) return value.map(withNamedValues)
  return Object.fromEntries(entries.filter((entry) => entry !== undefined))
}

function namedValue(item: unknown): [string, unknown] | undefined {
  if (!isJsonObject(item) || typeof item.name !== 'string' || Object.keys(item).length !== 2) return undefined
  const held = ['value', 'valueFrom'].find((name) => Object.hasOwn(item, name))
  return held ? [item.name, item[held]] : undefined
}
