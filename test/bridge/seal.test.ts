import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSeal, drawBoot } from '../../bridge/seal.ts'

const secret = 'a secret of thirty-two characters'
const seal = createSeal(secret)
const place = { host: '10.0.3.7', port: 8080, boot: '00112233445566ff', own: 'a session of the server' }
const places = fc.record({
  host: fc.ipV4(),
  port: fc.integer({ min: 1, max: 65535 }),
  own: fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
  boot: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex')),
})
const subs = fc.string({ unit: 'grapheme', minLength: 1 })

test('an id names its place to whoever has the key, for the caller it was made for', () => {
  fc.assert(
    fc.property(places, subs, (any, sub) => {
      expect(createSeal(secret).open(seal.close(any, sub), sub)).toEqual(any)
    }),
  )
})

test('an id with any bit flipped names nothing', () => {
  const id = Buffer.from(seal.close(place, 'alice'), 'base64url')
  for (let bit = 0; bit < id.length * 8; bit++) {
    const flipped = Buffer.from(id)
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    expect(seal.open(flipped.toString('base64url'), 'alice')).toBeUndefined()
  }
})

test('an id names nothing for another caller', () => {
  fc.assert(
    fc.property(subs, subs, (sub, other) => {
      fc.pre(sub !== other)
      expect(seal.open(seal.close(place, sub), other)).toBeUndefined()
    }),
  )
})

test('an id names nothing under another key', () => {
  expect(createSeal(`${secret}.`).open(seal.close(place, 'alice'), 'alice')).toBeUndefined()
})

test('whatever else comes names nothing', () => {
  const id = seal.close(place, 'alice')
  const spellings = [`${id}=`, ` ${id}`, `${id}\n`, id.slice(0, -1), id + id, Buffer.from(id, 'base64url').toString('hex'), '__proto__']
  for (const other of spellings) expect(seal.open(other, 'alice')).toBeUndefined()
  fc.assert(fc.property(fc.base64String({ maxLength: 100 }), (text) => seal.open(text, 'alice') === undefined))
})

test('no two ids and no two boots are alike', () => {
  const ids = Array.from({ length: 1000 }, () => seal.close(place, 'alice'))
  expect(new Set(ids).size).toBe(1000)
  expect(drawBoot()).not.toBe(drawBoot())
})
