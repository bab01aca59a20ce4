/** The id a name normalizes to: lower-cased, everything but a-z and 0-9 removed. Idempotent. */
export function serverId(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
