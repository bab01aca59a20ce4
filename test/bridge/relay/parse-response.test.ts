import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createResponseParser, type ResponseHead } from '../../../bridge/relay/parse-response.ts'

type Seen = { information: number[]; head?: ResponseHead; body: string; end?: { trailers: string[]; reusable: boolean }; error?: string }

/** What comes of an answer in these pieces; with `closed` the server then sends no more. */
function read(pieces: readonly Buffer[], { toHead = false, closed = true } = {}): Seen {
  const seen: Seen = { information: [], body: '' }
  const parser = createResponseParser()
  parser.expect({
    toHead,
    onInformation: ({ status }) => void seen.information.push(status),
    onHead: (head) => {
      seen.head = head
    },
    onData: (data) => {
      seen.body += data.toString('latin1')
    },
    onEnd: (trailers, reusable) => {
      seen.end = { trailers, reusable }
    },
  })
  try {
    for (const piece of pieces) parser.take(piece)
    if (closed) parser.finish()
  } catch (error) {
    seen.error = (error as Error).message
  }
  return seen
}

const readText = (text: string, options = {}) => read([Buffer.from(text, 'latin1')], options)

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,9}$/).map((name) => `X-${name}`)
const value = fc.stringMatching(/^[!-~\x80-\xff]{0,9}$/)
const fields = fc.array(fc.tuple(token, value), { maxLength: 4 })
const lines = (list: readonly (readonly [string, string])[]) => list.map(([name, text]) => `${name}: ${text}\r\n`).join('')
const body = fc.string({ unit: 'binary-ascii', maxLength: 40 })

const answer = fc.record({ fields, trailers: fields, chunks: fc.array(body.filter(Boolean), { maxLength: 4 }), early: fc.boolean() })
const framing = fc.constantFrom('length', 'chunked', 'close')

const wire = fc.tuple(answer, framing).map(([{ fields, trailers, chunks, early }, framing]) => {
  const information = early ? 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n' : ''
  const whole = chunks.join('')
  const own = { length: `Content-Length: ${whole.length}\r\n`, chunked: 'Transfer-Encoding: chunked\r\n', close: '' }[framing]
  const pieces = chunks.map((chunk) => `${chunk.length.toString(16)};x=1\r\n${chunk}\r\n`).join('')
  const sent = framing === 'chunked' ? `${pieces}0\r\n${lines(trailers)}\r\n` : whole
  const text = `${information}HTTP/1.1 200 OK\r\n${lines(fields)}${own}\r\n${sent}`
  return { text, whole, framing, trailers: framing === 'chunked' ? trailers : [], fields, early }
})

test('an answer of any framing is read as it was meant', () => {
  fc.assert(
    fc.property(wire, ({ text, whole, framing, trailers, fields, early }) => {
      const seen = readText(text)
      expect(seen).toMatchObject({ body: whole, information: early ? [103] : [] })
      expect(seen.head?.fields.slice(0, fields.length * 2)).toEqual(fields.flat())
      expect(seen.end).toEqual({ trailers: trailers.flat(), reusable: framing !== 'close' })
    }),
  )
})

const garbled = fc.tuple(wire, fc.nat(), fc.constantFrom('\r', '\n', '\0', ':', ' ', 'f', '\r\n')).map(([{ text }, at, with_]) => {
  const where = at % text.length
  return text.slice(0, where) + with_ + text.slice(where + 1)
})

test('however the bytes are split, right or wrong, the outcome is the same', () => {
  const text = fc.oneof(
    wire.map(({ text }) => text),
    garbled,
  )
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
      const bytes = Buffer.from(text, 'latin1')
      const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
      const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
      expect(read(pieces)).toEqual(read([bytes]))
    }),
    { numRuns: 1000 },
  )
})

test.each([
  ['a length and chunks at once', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc'],
  ['a length that is a list', 'HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc'],
  ['a length with a sign', 'HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc'],
  ['an encoding beside chunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n'],
  ['a chunk size beyond all measure', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\na\r\n0\r\n\r\n'],
  ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n'],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n'],
  ['a bare line feed', 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n'],
  ['a carriage return in a header', 'HTTP/1.1 200 OK\r\nX-A: 1\rX-B: 2\r\nContent-Length: 0\r\n\r\n'],
  ['another protocol', 'HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['another protocol from now on', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'],
  ['headers above 16 KiB', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`],
  ['headers above 16 KiB without an end', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(17_000)}`],
  ['trailers above 16 KiB', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`],
  ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab'],
  ['chunks without their last', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n'],
  ['nothing', ''],
])('%s is refused', (_, text) => {
  expect(readText(text).error).toMatch(/^The server /)
})

test('bytes behind an answer are refused once it has passed', () => {
  expect(readText('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc')).toMatchObject({ body: 'a', end: {}, error: expect.any(String) })
})

test.each([
  ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', { toHead: true }, true],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', { toHead: true }, true],
  ['HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', {}, true],
  ['HTTP/1.1 204 No Content\r\n\r\n', {}, true],
  ['HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', {}, false],
  ['HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n', {}, false],
  ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', {}, false],
])('%j ends with its headers', (text, options, reusable) => {
  expect(readText(text, { ...options, closed: false })).toMatchObject({ body: '', end: { reusable } })
})
