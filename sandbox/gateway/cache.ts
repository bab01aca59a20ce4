interface Entry {
  readonly value: Promise<unknown>
  readonly at: number
}

/** Answers of `read` by key, none older than `ttlMs`; in the last half of its life a value is renewed while it is still given out. */
export interface Cache {
  get<T>(key: string, read: () => Promise<T>): Promise<T>
  clear(): void
}

export function createCache(ttlMs: number, now: () => number = Date.now): Cache {
  const entries = new Map<string, Entry>()
  const load = (key: string, read: () => Promise<unknown>): Entry => {
    const entry = { value: read(), at: now() }
    entries.set(key, entry)
    entry.value.catch(() => entries.get(key) === entry && entries.delete(key))
    return entry
  }
  const renewing = new Set<string>()
  const renew = (key: string, read: () => Promise<unknown>): void => {
    if (renewing.has(key)) return
    renewing.add(key)
    const at = now()
    const before = entries.get(key)
    const value = read()
    value
      // What was read before a clear is not what is asked for after it.
      .then(() => entries.get(key) === before && entries.set(key, { value, at }))
      .catch(() => undefined)
      .finally(() => renewing.delete(key))
  }
  return {
    get<T>(key: string, read: () => Promise<T>) {
      const entry = entries.get(key)
      const age = entry ? now() - entry.at : Number.POSITIVE_INFINITY
      if (!entry || age > ttlMs) return load(key, read).value as Promise<T>
      if (age > ttlMs / 2) renew(key, read)
      return entry.value as Promise<T>
    },
    clear: () => entries.clear(),
  }
}
