import { createHash, timingSafeEqual } from 'node:crypto'

const shape = /^gantry_([a-z0-9]{16})_[A-Za-z0-9_-]{43}$/

/** The key id inside a bearer token, or undefined where the token is not one of ours. */
export function tokenKeyId(token: string): string | undefined {
  return shape.exec(token)?.[1]
}

/** What is stored of a token: SHA-256 of the whole, in lower-case hex. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Constant-time comparison of a token with a stored hash. */
export function tokenMatches(token: string, secretSha256: string): boolean {
  const expected = Buffer.from(secretSha256, 'hex')
  const actual = createHash('sha256').update(token).digest()
  return expected.length === actual.length && timingSafeEqual(actual, expected)
}
