/** A cache for seconds: `load` once per key and period, also when many ask at once; a failed load is not kept. */
export function createShortCache<T>(options: { milliseconds: number; maxEntries: number; now: () => Date }) {
  const entries = new Map<string, { at: number; value: Promise<T> }>()
  return (key: string, load: () => Promise<T>): Promise<T> => {
    const at = options.now().getTime()
    const entry = entries.get(key)
    if (entry && at - entry.at < options.milliseconds) return entry.value
    entries.delete(key)
    if (entries.size >= options.maxEntries) entries.delete(entries.keys().next().value ?? '')
    const value = load()
    entries.set(key, { at, value })
    value.catch(() => entries.get(key)?.value === value && entries.delete(key))
    return value
  }
}
