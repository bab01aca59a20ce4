const key = Symbol.for('undici.globalDispatcher.1')

/** From now on each `fetch` of this file has a connection of its own that it closes, so that a server's descriptors can be counted. */
export async function closeConnections(): Promise<void> {
  // The dispatcher comes with the first use.
  await fetch('data:,')
  const { constructor: Agent } = Reflect.get(globalThis, key)
  Reflect.set(globalThis, key, new Agent({ pipelining: 0 }))
}
