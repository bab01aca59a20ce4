import { generateKeyPairSync, sign } from 'node:crypto'

export const issuer = 'arn:aws:kms:eu-west-1:111122223333:key/identity'

const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })

export const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')

/** A token as the authorizer signs it, with what a test changes. */
export function signIdentity(claims: Record<string, unknown> = {}, { alg = 'ES256', privateKey = keys.privateKey } = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const header = { alg, typ: 'JWT', kid: issuer }
  const body = { iss: issuer, aud: 'fixture', sub: 'alice', groups: [], admin: false, iat: now, exp: now + 300, ...claims }
  const text = `${encode(header)}.${encode(body)}`
  return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
