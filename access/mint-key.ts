import { randomBytes, randomInt } from 'node:crypto'
import type { ApiKey } from '../schema/api-key.ts'
import { hashToken } from './token.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Draws a new API key: the token for its owner, once, and the record that may be stored. */
export function mintKey(options: Omit<ApiKey, 'format' | 'id' | 'secretSha256' | 'revokedAt'>): { token: string; key: ApiKey } {
  const id = Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join('')
  const token = `gantry_${id}_${randomBytes(32).toString('base64url')}`
  return { token, key: { format: 1, id, secretSha256: hashToken(token), ...options } }
}
