import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idKey, readElements, readEnvelope } from '../../../bridge/stdio/read-envelope.ts'

const read = (text: string) => readEnvelope(Buffer.from(text))

test.each([
  ['{"result":{"id":7,"method":"no"},"jsonrpc":"2.0","id":3}', '3', undefined],
  ['{"jsonrpc":"2.0","id":"a\\"b}","result":{}}', '"a\\"b}"', undefined],
  ['{ "id" : 1.0 , "method" : "ping" }', '1.0', 'ping'],
  ['{"id":12345678901234567890,"error":{"message":"}{\\\\"}}', '12345678901234567890', undefined],
  ['{"id":"__proto__","result":[[],{"a":["]"]}]}', '"__proto__"', undefined],
  ['{"\\u0069d":1,"\\u006d\\u0065\\u0074\\u0068\\u006f\\u0064":"x","an\\u0069d":2}', '1', 'x'],
  ['{"method":"notifications/progress","params":null}', undefined, 'notifications/progress'],
  ['{}', undefined, undefined],
])('%s', (text, id, method) => {
  expect(read(text)).toEqual({ id, method })
})

test.each([
  '',
  'null',
  '[1]',
  'Server started',
  '{"id":1',
  '{"id":1}}',
  '{"id":1,"result":{}',
  '{"id" 1}',
  '{"a":"unfinished',
  '{"id":1} x',
])('%j is no message', (text) => {
  expect(read(text)).toBeUndefined()
})

test('whatever stands around them, the outer id and method are found as JSON.parse finds them', () => {
  const message = fc.record({
    result: fc.jsonValue(),
    id: fc.oneof(fc.string(), fc.integer()),
    method: fc.constantFrom('a', 'b/c'),
    params: fc.jsonValue(),
  })
  fc.assert(
    fc.property(message, fc.constantFrom(undefined, 2), (value, indent) => {
      expect(read(JSON.stringify(value, null, indent))).toEqual({ id: JSON.stringify(value.id), method: value.method })
    }),
  )
})

test('bytes of any kind never throw or hang', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void readEnvelope(Buffer.concat([Buffer.from('{"'), bytes]))))
})

test('the elements of a batch keep their bytes', () => {
  const elements = readElements(Buffer.from(' [ {"id":1.0}, {"a":[1,2]} ,"x]",3 ] '))
  expect(elements.map(String)).toEqual(['{"id":1.0}', '{"a":[1,2]}', '"x]"', '3'])
})

test('ids that JSON holds equal have one key, and a string is no number', () => {
  expect(idKey('1.0')).toBe(idKey('1'))
  expect(idKey('"\\u0061"')).toBe(idKey('"a"'))
  expect(idKey('"1"')).not.toBe(idKey('1'))
})
