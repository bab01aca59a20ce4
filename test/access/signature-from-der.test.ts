import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signatureFromDer } from '../../access/signature-from-der.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

describe('signatureFromDer', () => {
  test('makes of every DER signature one that verifies as raw r‖s', () => {
    for (let n = 0; n < 300; n++) {
      const message = Buffer.from(`message ${n}`)
      const raw = signatureFromDer(sign('sha256', message, privateKey))
      expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true)
    }
  })

  test('pads short coordinates and strips sign bytes', () => {
    const raw = signatureFromDer(Uint8Array.from([0x30, 0x07, 0x02, 0x01, 0x05, 0x02, 0x02, 0x00, 0xff]))
    expect([raw.length, raw[31], raw[63]]).toEqual([64, 5, 255])
  })

  test.each([[[]], [[0x30, 0x00]], [[0x30, 0x03, 0x02, 0x01, 0x05]], [[0x31, 0x06, 0x02, 0x01, 0x05, 0x02, 0x01, 0x05]]])(
    'refuses %j',
    (bytes) => {
      expect(() => signatureFromDer(Uint8Array.from(bytes))).toThrow(TypeError)
    },
  )
})
