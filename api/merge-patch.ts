import { isJsonObject } from '../schema/json-object.ts'

/**
 * RFC 7396: null removes, objects are merged, anything else replaces. Pure. Every name is data: the package for it drops a
 * `constructor` and all that follows it, while our definitions refuse a name like `__proto__` with its path.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch
  const merged = new Map(isJsonObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value))
  }
  return Object.fromEntries(merged)
}
