/** The id a name normalizes to: lower-cased, everything but a-z and 0-9 removed. Idempotent. */
export function serverId(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

const hashLength = 10

/**
 * The one AWS name of a server's resource: `<platform>-<id>[-<suffix>]`. Where that is longer than AWS allows (or would
 * start with `internal-`, which load balancers refuse) it is cut and ends in `--<hash>`: no whole name has two hyphens in
 * a row, so cut and whole names never meet. Only a-z, 0-9 and single hyphens go in; throws RangeError on anything else.
 */
export function resourceName(parts: { platform: string; serverId: string; maxLength: number; suffix?: string }): string {
  const { platform, maxLength, suffix } = parts
  const whole = [platform, parts.serverId, ...(suffix === undefined ? [] : [suffix])].join('-')
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(whole) || /-/.test(platform + parts.serverId)) {
    throw new RangeError(`resource name from ${JSON.stringify(parts)}: expected parts of a-z, 0-9 (suffix: also single hyphens inside)`)
  }
  const room = maxLength - hashLength - 2
  if (room < 1) throw new RangeError(`resource name: maxLength is ${maxLength}; expected at least ${hashLength + 3}`)
  const reserved = whole.startsWith('internal-')
  if (whole.length <= maxLength && !reserved) return whole
  const head = reserved ? whole.replace('internal-', 'int-') : whole
  return `${head.slice(0, room).replace(/-+$/, '')}--${shortHash(whole)}`
}

/** FNV-1a, 64 bits, as base 36: pure, so that browsers and bundles need no crypto module. */
function shortHash(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(36).padStart(13, '0').slice(-hashLength)
}

/** The source of EventBridge events that say: somebody decided about a plan. */
export const reviewEvents = (platform: string): string => `gantry.${platform}`
