import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { jwtVerify } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import type { AuthorizerEvent } from '../../access/authorizer-event.ts'
import { createAuthorizer } from '../../access/create-authorizer.ts'
import { mintKey } from '../../access/mint-key.ts'
import type { ApiKey } from '../../schema/api-key.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keyArn = 'arn:aws:kms:eu-west-1:111111111111:key/1'
const start = Date.parse('2026-11-21T12:00:00.000Z')

let clock: number
let signatures: number
let reads: number
let keys: Map<string, ApiKey>
let servers: Map<string, { id: string; uid: string; groups: string[] }>
let authorize: ReturnType<typeof createAuthorizer>

beforeEach(() => {
  clock = start
  signatures = 0
  reads = 0
  keys = new Map()
  servers = new Map([
    ['docs', { id: 'docs', uid: 'u1', groups: [] }],
    ['closed', { id: 'closed', uid: 'u2', groups: ['group:a'] }],
  ])
  authorize = createAuthorizer({
    keyArn,
    readKey: async (id) => keys.get(id),
    readServer: async (id) => {
      reads++
      return servers.get(id)
    },
    sign: async (message) => {
      signatures++
      return sign('sha256', message, privateKey)
    },
    now: () => new Date(clock),
  })
})

function newKey(changes: Partial<ApiKey> = {}): string {
  const { key, token } = mintKey({
    description: '',
    admin: false,
    groups: [],
    createdBy: 'key:x',
    createdAt: new Date(start).toISOString(),
    ...changes,
  })
  keys.set(key.id, key)
  return token
}

/** What API Gateway sends a REST API's REQUEST authorizer. */
function request(token: string | undefined, id: string, proxy: string | undefined = 'mcp'): AuthorizerEvent {
  const path = proxy === undefined ? `/mcp/${id}` : `/mcp/${id}/${proxy}`
  return {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/live/POST${path}`,
    resource: proxy === undefined ? '/mcp/{id}' : '/mcp/{id}/{proxy+}',
    headers: { Host: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com', ...(token && { authorization: `Bearer ${token}` }) },
    multiValueHeaders: { Host: ['a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com'], ...(token && { authorization: [`Bearer ${token}`] }) },
    pathParameters: proxy === undefined ? { id } : { id, proxy },
  }
}

const effect = async (event: AuthorizerEvent) => (await authorize(event)).policyDocument.Statement[0].Effect

describe('createAuthorizer', () => {
  test('allows exactly the method asked for and says signed who calls', async () => {
    const token = newKey({ groups: ['group:a'] })
    const event = request(token, 'closed')
    const answer = await authorize(event)
    expect(answer.policyDocument.Statement).toEqual([{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }])
    expect(answer.context.forwardAuthorization).toBe('none')
    const { payload, protectedHeader } = await jwtVerify(
      answer.context.identity ?? '',
      createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      {
        audience: 'closed',
        issuer: keyArn,
        currentDate: new Date(clock),
      },
    )
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: keyArn })
    expect(payload).toMatchObject({ sub: answer.principalId, groups: ['group:a'], admin: false, exp: start / 1000 + 300 })
  })

  test('knows the server of a dedicated route by its static resource', async () => {
    const event = { ...request(newKey(), 'docs'), resource: '/mcp/docs/{proxy+}', pathParameters: { proxy: 'mcp' } }
    expect(await effect(event)).toBe('Allow')
    expect(await effect({ ...request(newKey(), 'docs'), resource: '/mcp/docs', pathParameters: null })).toBe('Allow')
  })

  test('answers a TOKEN event by the path of its method ARN', async () => {
    const methodArn = 'arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/live/POST/mcp/docs/mcp'
    expect(await effect({ type: 'TOKEN', methodArn, authorizationToken: `Bearer ${newKey()}` })).toBe('Allow')
    expect(await effect({ type: 'TOKEN', methodArn: methodArn.replace('docs', 'Docs'), authorizationToken: `Bearer ${newKey()}` })).toBe(
      'Deny',
    )
  })

  test.each([
    ['no key', () => undefined],
    ['a wrong key', () => mintKey({ description: '', admin: true, groups: [], createdBy: 'x', createdAt: '' }).token],
    ['a revoked key', () => newKey({ revokedAt: new Date(start).toISOString() })],
    ['an expired key', () => newKey({ expiresAt: new Date(start - 1).toISOString() })],
  ])('throws Unauthorized for %s', async (_what, token) => {
    await expect(authorize(request(token(), 'docs'))).rejects.toThrow(/^Unauthorized$/)
  })

  test('throws Unauthorized where the header was sent twice', async () => {
    const token = newKey()
    const event = request(token, 'docs')
    const twice = { ...event, multiValueHeaders: { Authorization: [`Bearer ${token}`], authorization: [`Bearer ${token}`] } }
    await expect(authorize(twice)).rejects.toThrow(/^Unauthorized$/)
  })

  test("denies a key without the server's group, and a server that does not exist", async () => {
    expect(await effect(request(newKey({ groups: ['group:b'] }), 'closed'))).toBe('Deny')
    expect(await effect(request(newKey({ admin: true }), 'nothing'))).toBe('Deny')
  })

  test.each(['Docs', 'do-cs', 'docs ', 'döcs', 'docs%2f', '', '.', '..', '{id}', 'docs/../closed', '__proto__', 'd'.repeat(41)])(
    'denies the spelling %j',
    async (id) => {
      expect(await effect(request(newKey({ admin: true }), id))).toBe('Deny')
    },
  )

  test.each([
    '../closed/mcp',
    'a/../../closed/mcp',
    './mcp',
    '%2e%2e/closed',
    '..%2fclosed',
    'a\\..\\closed',
    'a%5c..',
    'mcp\n',
    '*',
    'mc?',
    '$\u007bx}',
  ])('denies the rest of path %j, which another hop could read as another server', async (proxy) => {
    expect(await effect(request(newKey({ admin: true }), 'docs', proxy))).toBe('Deny')
  })

  test('denies whatever is not below /mcp', async () => {
    expect(await effect({ ...request(newKey({ admin: true }), 'docs'), resource: '/{proxy+}' })).toBe('Deny')
    expect(await effect({ ...request(newKey({ admin: true }), 'docs'), resource: '/mcp' })).toBe('Deny')
  })

  test("opens one life of one server to a run's own key", async () => {
    const token = newKey({ onlyServer: { id: 'closed', uid: 'u2' } })
    expect(await effect(request(token, 'closed'))).toBe('Allow')
    expect(await effect(request(token, 'docs'))).toBe('Deny')
    servers.set('closed', { id: 'closed', uid: 'u3', groups: [] })
    clock += 2001
    expect(await effect(request(token, 'closed'))).toBe('Deny')
  })

  test('stops a revoked key at once and a narrowed server within two seconds', async () => {
    const token = newKey()
    expect(await effect(request(token, 'docs'))).toBe('Allow')
    servers.set('docs', { id: 'docs', uid: 'u1', groups: ['group:a'] })
    clock += 2000
    expect(await effect(request(token, 'docs'))).toBe('Deny')
    const id = [...keys.keys()][0] ?? ''
    keys.set(id, { ...(keys.get(id) as ApiKey), revokedAt: new Date(clock).toISOString() })
    await expect(authorize(request(token, 'docs'))).rejects.toThrow('Unauthorized')
  })

  test('signs once a minute for each caller and server', async () => {
    const one = newKey()
    await Promise.all([authorize(request(one, 'docs')), authorize(request(one, 'docs'))])
    expect([signatures, reads]).toEqual([1, 1])
    await authorize(request(newKey(), 'docs'))
    expect(signatures).toBe(2)
    clock += 60_000
    await authorize(request(one, 'docs'))
    expect(signatures).toBe(3)
  })

  test('asks again after a signature or a read failed', async () => {
    let failures = 1
    const token = newKey()
    const flaky = createAuthorizer({
      keyArn,
      readKey: async (id) => keys.get(id),
      readServer: async (id) => servers.get(id),
      sign: async (message) => {
        if (failures-- > 0) throw new Error('KMS throttled')
        return sign('sha256', message, privateKey)
      },
      now: () => new Date(clock),
    })
    await expect(flaky(request(token, 'docs'))).rejects.toThrow('KMS throttled')
    expect((await flaky(request(token, 'docs'))).context.identity).toBeDefined()
  })
})
