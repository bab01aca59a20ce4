import { gzipSync } from 'node:zlib'
import fc from 'fast-check'

/** Ids as clients should not and may choose them, as JSON text. */
const ids = fc.oneof(
  fc.constantFrom('1', '1.0', '-0', '1e400', '12345678901234567890', '"__proto__"', '"constructor"', '""', 'null', 'true', '{}', '[1]'),
  fc.constantFrom('"\\ud800"', '"\\u0000"', `"${'x'.repeat(65_536)}"`, '01', '.5', 'NaN'),
  fc.integer().map(String),
  fc.string().map((text) => JSON.stringify(text)),
)

const methods = fc.constantFrom('ping', 'tools/list', 'tools/call', 'initialize', 'notifications/cancelled', 'no/such', '__proto__', '')

const params = fc.oneof(
  fc.constant('{"name":"echo","arguments":{"value":1}}'),
  fc.constant('{"name":"progress","arguments":{"steps":3},"_meta":{"progressToken":"t"}}'),
  fc.constantFrom('null', '[]', '{"_meta":{"progressToken":[[]]}}', '{"requestId":{}}', '{"requestId":1}', '{"name":"__proto__"}'),
  fc.jsonValue().map((value) => JSON.stringify(value)),
)

const message = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(ids, methods, params).map(([id, method, p]) => rpc(`"id":${id},"method":"${method}","params":${p}`)) },
  fc.tuple(methods, params).map(([method, p]) => rpc(`"method":"${method}","params":${p}`)),
  ids.map((id) => rpc(`"id":${id},"result":{}`)),
  ids.map((id) => rpc(`"id":1,"id":${id},"\\u0069d":2,"method":"ping"`)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
)

const text = fc.oneof(
  { weight: 4, arbitrary: message },
  fc.array(message, { maxLength: 4 }).map((list) => `[${list.join()}]`),
  // Valid but for one place.
  fc
    .tuple(message, fc.nat(), fc.string({ maxLength: 3 }))
    .map(([json, at, other]) => json.slice(0, at % json.length) + other + json.slice(at % json.length)),
  message.map((json) => `\uFEFF${json}`),
  message.map((json) => json.slice(0, -1)),
  fc.constantFrom('[', '{"a":').chain((open) => fc.integer({ min: 1, max: 30_000 }).map((depth) => open.repeat(depth))),
  fc.integer({ min: 1, max: 30_000 }).map((depth) => rpc(`"id":1,"method":"ping","params":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`)),
  fc.constantFrom('', ' ', '\0', 'null', '0', '""', '{}', '[]'),
)

/** The bytes of a body: nearly right, or anything. */
export const bodies: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: text.map((value) => Buffer.from(value)) },
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  message.map((json) => Buffer.from(json, 'utf16le')),
  message.map((json) => gzipSync(json)),
  fc.tuple(message, fc.nat()).map(([json, at]) => withByte(Buffer.from(json), at, 0xff)),
)

function rpc(members: string): string {
  return `{"jsonrpc":"2.0",${members}}`
}

function withByte(bytes: Buffer, at: number, value: number): Buffer {
  bytes[at % bytes.length] = value
  return bytes
}
