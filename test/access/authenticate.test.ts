import { describe, expect, test } from 'vitest'
import { authenticate } from '../../access/authenticate.ts'
import { mintKey } from '../../access/mint-key.ts'
import type { ApiKey } from '../../schema/api-key.ts'

const now = new Date('2026-11-21T12:00:00.000Z')
const mint = (changes: Partial<ApiKey> = {}) => {
  const { key, token } = mintKey({ description: '', admin: false, groups: ['group:a'], createdBy: 'key:x', createdAt: now.toISOString() })
  return { token, key: { ...key, ...changes } }
}
const portsWith = (...keys: ApiKey[]) => ({ readKey: async (id: string) => keys.find((key) => key.id === id) })

describe('authenticate', () => {
  test('knows the owner of a key', async () => {
    const { token, key } = mint()
    expect(await authenticate(portsWith(key), `Bearer ${token}`, now)).toEqual({ id: `key:${key.id}`, admin: false, groups: ['group:a'] })
    expect(await authenticate(portsWith(key), `bearer ${token}`, now)).toBeDefined()
  })

  test('does not store what opens: the record holds only a hash', () => {
    const { token, key } = mint()
    expect(token).toMatch(/^gantry_[a-z0-9]{16}_[A-Za-z0-9_-]{43}$/)
    expect(JSON.stringify(key)).not.toContain(token.slice(24))
  })

  test.each([
    ['no header', () => undefined],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['no scheme', (token: string) => token],
    ['two tokens', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['another secret', (token: string) => `Bearer ${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`],
    ['a longer secret', (token: string) => `Bearer ${token}A`],
    ['a key nobody minted', () => `Bearer ${mint().token}`],
  ])('refuses %s', async (_what, header) => {
    const { token, key } = mint()
    expect(await authenticate(portsWith(key), header(token), now)).toBeUndefined()
  })

  test('refuses a revoked key', async () => {
    const { token, key } = mint({ revokedAt: now.toISOString() })
    expect(await authenticate(portsWith(key), `Bearer ${token}`, now)).toBeUndefined()
  })

  test('refuses a key from the moment it expires', async () => {
    const { token, key } = mint({ expiresAt: now.toISOString() })
    expect(await authenticate(portsWith(key), `Bearer ${token}`, now)).toBeUndefined()
    expect(await authenticate(portsWith(key), `Bearer ${token}`, new Date(now.getTime() - 1))).toBeDefined()
  })
})
