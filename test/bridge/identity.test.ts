import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { createIdentityCheck } from '../../bridge/identity.ts'
import { issuer, publicKey, signIdentity } from './support/identity.ts'

const now = Math.floor(Date.now() / 1000)
const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
const newCheck = () =>
  createIdentityCheck({
    serverId: 'fixture',
    identityKey: createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }),
    identityIssuer: issuer,
  })

test('a token of the authorizer names its caller, also the second time', () => {
  const check = newCheck()
  const token = signIdentity({ sub: 'key:abc' })
  expect(check(token, now)).toEqual({ allow: true, sub: 'key:abc' })
  expect(check(token, now)).toEqual({ allow: true, sub: 'key:abc' })
})

test('a missing token is 401', () => {
  expect(newCheck()(undefined, now)).toMatchObject({ allow: false, status: 401 })
})

test.each([
  ['another server', signIdentity({ aud: 'other' })],
  ['a list of servers', signIdentity({ aud: ['fixture'] })],
  ['another issuer', signIdentity({ iss: 'someone' })],
  ['expired', signIdentity({ exp: now - 1 })],
  ['without exp', signIdentity({ exp: undefined })],
  ['without sub', signIdentity({ sub: '' })],
  ['of another key', signIdentity({}, { privateKey: other })],
  ['of another algorithm', signIdentity({}, { alg: 'none' })],
  ['without its signature', signIdentity().replace(/[^.]+$/, '')],
  ['with changed claims', signIdentity().replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"eve"}').toString('base64url')}.`)],
  ['given twice', `${signIdentity()}, ${signIdentity()}`],
  ['not a token', 'hello'],
])('a token that is %s is 403', (_, token) => {
  expect(newCheck()(token, now)).toMatchObject({ allow: false, status: 403 })
})

test('a verified token that is remembered still ends at its exp', () => {
  const check = newCheck()
  const token = signIdentity({ exp: now + 10 })
  expect(check(token, now).allow).toBe(true)
  expect(check(token, now + 10)).toMatchObject({ allow: false, status: 403 })
})
