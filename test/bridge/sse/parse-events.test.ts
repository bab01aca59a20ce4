import { expect, test } from 'vitest'
import { createEventParser } from '../../../bridge/sse/parse-events.ts'

function parse(text: string, { chunk = text.length, maxBytes = 1000 } = {}): string[][] {
  const events: string[][] = []
  const sink = createEventParser(maxBytes, {
    onEvent: (name, data) => void events.push([name, data.toString()]),
    onTooLarge: () => void events.push(['too large']),
  })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += chunk) sink(bytes.subarray(at, at + chunk))
  return events
}

test.each([
  ['a name and data', 'event: endpoint\ndata: /m\n\n', [['endpoint', '/m']]],
  ['no name', 'data: {}\n\n', [['message', '{}']]],
  ['no space after the colon', 'event:a\ndata:b\n\n', [['a', 'b']]],
  ['carriage returns', 'event: a\r\ndata: b\r\n\r\n', [['a', 'b']]],
  ['comments, ids and retries', ': ping\n\nid: 1\nretry: 5\ndata: b\n\n', [['message', 'b']]],
  ['data on several lines', 'data: {"a":\ndata: 1}\n\n', [['message', '{"a": 1} ']]],
  ['a name without data', 'event: a\n\ndata: b\n\n', [['message', 'b']]],
  ['an end without an empty line', 'data: a\n\ndata: b\n', [['message', 'a']]],
])('an event stream with %s is read the same whole and byte by byte', (_, text, expected) => {
  expect(parse(text)).toEqual(expected)
  expect(parse(text, { chunk: 1 })).toEqual(expected)
})

test('a character that is cut between chunks stays whole', () => {
  expect(parse('data: ü€😀\n\n', { chunk: 1 })).toEqual([['message', 'ü€😀']])
})

test('a line beyond the limit is told', () => {
  expect(parse(`data: ${'x'.repeat(50)}`, { chunk: 10, maxBytes: 30 })[0]).toEqual(['too large'])
})
