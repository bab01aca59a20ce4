import { createShortCache } from './create-short-cache.ts'
import type { Principal } from './principal.ts'
import { signatureFromDer } from './signature-from-der.ts'

export interface IdentityPorts {
  /** ARN of the identity key: issuer and key id. */
  readonly keyArn: string
  /** ECDSA_SHA_256 over the message; DER, as KMS answers. */
  sign(message: Uint8Array): Promise<Uint8Array>
  now(): Date
}

const lifetimeSeconds = 300

/**
 * Signs who calls which server: a compact ES256 JWS with `aud` = server id, good for 300 s and kept 60 s
 * per caller and server.
 */
export function createIdentity(ports: IdentityPorts): (principal: Principal, serverId: string) => Promise<string> {
  const cached = createShortCache<string>({ milliseconds: 60_000, maxEntries: 10_000, now: ports.now })
  return (principal, serverId) => {
    const who = { sub: principal.id, groups: principal.groups, admin: principal.admin }
    return cached(JSON.stringify([serverId, who]), () => signJws(ports, { iss: ports.keyArn, aud: serverId, ...who }))
  }
}

async function signJws(ports: IdentityPorts, claims: Record<string, unknown>): Promise<string> {
  const issuedAt = Math.floor(ports.now().getTime() / 1000)
  const header = encode({ alg: 'ES256', typ: 'JWT', kid: ports.keyArn })
  const payload = encode({ ...claims, iat: issuedAt, exp: issuedAt + lifetimeSeconds })
  const signature = signatureFromDer(await ports.sign(Buffer.from(`${header}.${payload}`)))
  return `${header}.${payload}.${Buffer.from(signature).toString('base64url')}`
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
