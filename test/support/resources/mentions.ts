/** Whether the id stands in a name (or a path, an ARN, a tag) as a word of its own. */
export function mentions(serverId: string): (...names: unknown[]) => boolean {
  const word = new RegExp(`(?<![a-z0-9])${serverId}(?![a-z0-9])`)
  return (...names) => names.some((name) => word.test(typeof name === 'string' ? name : JSON.stringify(name ?? '')))
}
