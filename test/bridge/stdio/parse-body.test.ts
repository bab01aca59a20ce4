import { expect, test } from 'vitest'
import { parseBody } from '../../../bridge/stdio/parse-body.ts'

const parse = (text: string | Buffer) => parseBody(Buffer.from(text as string))

test('a message reaches the child on one line with its other bytes unchanged', () => {
  const parsed = parse('{\r\n  "jsonrpc": "2.0",\n  "id": 1.0,\n  "method": "ping", "params": {"x": 1e400}\n}')
  expect(parsed).toMatchObject({ batch: false, messages: [{ kind: 'request', id: '1.0', method: 'ping' }] })
  const line = 'messages' in parsed ? parsed.messages[0]?.line.toString() : ''
  expect(line).toBe('{    "jsonrpc": "2.0",   "id": 1.0,   "method": "ping", "params": {"x": 1e400} }\n')
})

test('requests, notifications and answers are told apart', () => {
  const parsed = parse(
    '[{"jsonrpc":"2.0","id":"a","method":"x","params":{"_meta":{"progressToken":"t"}}},{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}},{"jsonrpc":"2.0","id":2,"result":{}}]',
  )
  expect(parsed).toMatchObject({
    batch: true,
    messages: [
      { kind: 'request', id: '"a"', progressToken: '"t"' },
      { kind: 'notification', cancels: '5' },
      { kind: 'response', id: '2' },
    ],
  })
})

test.each([
  ['', -32700],
  ['{', -32700],
  [Buffer.from([0x22, 0xff, 0x22]), -32700],
  ['[]', -32600],
  ['null', -32600],
  ['"x"', -32600],
  ['{"id":1,"method":"x"}', -32600],
  ['{"jsonrpc":"2.0","id":null,"method":"x"}', -32600],
  ['{"jsonrpc":"2.0","id":{},"method":"x"}', -32600],
  ['{"jsonrpc":"2.0","id":1}', -32600],
  ['{"jsonrpc":"2.0","method":7}', -32600],
  ['[{"jsonrpc":"2.0","id":1,"method":"x"},1]', -32600],
])('%s is refused', (body, code) => {
  expect(parse(body as string)).toMatchObject({ code })
})

test.each([
  ['more values than memory should hold', `[${'{},'.repeat(300_000)}1]`, 'too many values'],
  ['a batch without end', `[${'1,'.repeat(1000)}1]`, 'at most 1000'],
  ['an id without end', `{"jsonrpc":"2.0","id":"${'x'.repeat(200_000)}","method":"x"}`, 'at most 131072'],
])('%s is refused', (_, body, reason) => {
  expect(parse(body)).toMatchObject({ code: -32600, reason: expect.stringContaining(reason) })
})

test('a progress token and a cancelled id that are neither string nor number are none, however deep', () => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000)
  const parsed = parse(
    `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"_meta":{"progressToken":${deep}},"requestId":${deep}}}`,
  )
  expect(parsed).toMatchObject({ messages: [{ progressToken: undefined, cancels: undefined }] })
})
