import type { ApiKey } from '../schema/api-key.ts'
import { bearerToken } from './bearer-token.ts'
import type { Principal } from './principal.ts'
import { tokenKeyId, tokenMatches } from './token.ts'

export interface AuthenticatePorts {
  /** A consistent read: a revoked key must stop within 5 s. */
  readKey(id: string): Promise<ApiKey | undefined>
}

/** Who carries this Authorization header, or undefined where nobody we know does. */
export async function authenticate(ports: AuthenticatePorts, authorization: string | undefined, now: Date): Promise<Principal | undefined> {
  const token = bearerToken(authorization)
  const id = token && tokenKeyId(token)
  if (!token || !id) return undefined
  const key = await ports.readKey(id)
  if (!key || !tokenMatches(token, key.secretSha256) || !isLive(key, now)) return undefined
  return { id: `key:${key.id}`, admin: key.admin, groups: key.groups, ...(key.onlyServer && { onlyServer: key.onlyServer }) }
}

function isLive(key: ApiKey, now: Date): boolean {
  return key.revokedAt === undefined && (key.expiresAt === undefined || Date.parse(key.expiresAt) > now.getTime())
}
