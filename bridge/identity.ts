import { type KeyObject, verify } from 'node:crypto'

export type Identity = { allow: true; sub: string } | { allow: false; status: 401 | 403; reason: string }

type Options = { serverId: string; identityKey: KeyObject; identityIssuer: string }

const cacheSeconds = 60
const cachedTokens = 1000

/**
 * Makes the check of `X-Gantry-Identity`, the JWS that the authorizer signed (ES256, `aud` = this server).
 * A verified token is remembered for at most a minute, never beyond its `exp`.
 */
export function createIdentityCheck(options: Options): (header: string | undefined, nowSeconds: number) => Identity {
  const verified = new Map<string, { sub: string; until: number }>()
  return (header, nowSeconds) => {
    if (!header) return { allow: false, status: 401, reason: 'X-Gantry-Identity is missing.' }
    const known = verified.get(header)
    if (known && nowSeconds < known.until) return { allow: true, sub: known.sub }
    const claims = verifyToken(header, options, nowSeconds)
    if (typeof claims === 'string') return { allow: false, status: 403, reason: claims }
    verified.delete(header)
    const [oldest] = verified.size < cachedTokens ? [] : verified.keys()
    if (oldest !== undefined) verified.delete(oldest)
    verified.set(header, { sub: claims.sub, until: Math.min(claims.exp, nowSeconds + cacheSeconds) })
    return { allow: true, sub: claims.sub }
  }
}

function verifyToken(token: string, options: Options, nowSeconds: number): { sub: string; exp: number } | string {
  // Node joins repeated headers with a comma, which no token contains.
  if (token.includes(',')) return 'X-Gantry-Identity was given more than once.'
  const parts = token.split('.')
  const [header, claims, signature] = parts
  if (parts.length !== 3 || !header || !claims || !signature) return 'X-Gantry-Identity is not a compact JWS.'
  if (decode(header).alg !== 'ES256') return 'X-Gantry-Identity is not signed with ES256.'
  const key = { key: options.identityKey, dsaEncoding: 'ieee-p1363' } as const
  const genuine = verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))
  if (!genuine) return 'X-Gantry-Identity has a wrong signature.'
  const { iss, aud, sub, exp } = decode(claims)
  if (iss !== options.identityIssuer) return 'X-Gantry-Identity is of another issuer.'
  if (aud !== options.serverId) return 'X-Gantry-Identity is for another server.'
  if (typeof sub !== 'string' || !sub) return 'X-Gantry-Identity names no caller.'
  if (typeof exp !== 'number' || exp <= nowSeconds) return 'X-Gantry-Identity has expired.'
  return { sub, exp }
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
