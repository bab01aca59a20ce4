import fc from 'fast-check'
import { bodies } from './bodies.ts'

/** Stand in a request for what only the run knows. */
export const placeholders = { identity: '{{identity}}', session: '{{session}}' }

/** Bytes for one connection, in the pieces in which they are sent, and what the client does then. */
export type RawRequest = { pieces: Buffer[]; end: 'wait' | 'half-close' | 'reset'; answered: boolean }

const rarely = <T>(usual: T, others: fc.Arbitrary<T>) => fc.oneof({ weight: 15, arbitrary: fc.constant(usual) }, others)

const methods = rarely('POST', fc.constantFrom('GET', 'DELETE', 'HEAD', 'OPTIONS', 'PUT', 'TRACE', 'CONNECT', 'post', 'P OST', '\0'))

const targets = rarely(
  '/mcp/fixture/mcp',
  fc.oneof(
    fc.constantFrom('/live/mcp/fixture/mcp', '/mcp/fixture/sse', '/mcp/fixture/messages?sessionId=x', '/mcp/other/mcp', '/mcp/fixture/'),
    fc.constantFrom(
      '*',
      'http://x/mcp/fixture/mcp',
      'x:443',
      '',
      '//',
      '/%00',
      '/..//mcp',
      '/mcp/fixture/mcp#x',
      '/a b',
      `/${'a'.repeat(20_000)}`,
    ),
    fc.webPath(),
  ),
)

const line = (name: string, values: fc.Arbitrary<string>) => values.map((value) => `${name}: ${value}`)
const odd = fc.oneof(
  fc.constantFrom('', '\t', '\0', 'x\x01y', '\u00e9', 'a,b', '..', 'x'.repeat(9_000), 'x'.repeat(65_536), '__proto__'),
  fc.string(),
)

/** Each header as it should be, or not at all, or wrong, or twice. */
const headers = fc
  .tuple(
    rarely([`X-Gantry-Identity: ${placeholders.identity}`], fc.array(line('X-Gantry-Identity', odd), { maxLength: 2 })),
    rarely([`Mcp-Session-Id: ${placeholders.session}`], fc.array(line('Mcp-Session-Id', odd), { maxLength: 2 })),
    rarely(
      ['Content-Type: application/json'],
      fc.array(line('Content-Type', fc.constantFrom('text/plain', 'application/json;charset=utf-16'))),
    ),
    rarely(
      ['Accept: application/json, text/event-stream'],
      fc.array(line('Accept', fc.constantFrom('image/png', '*/*', '')), { maxLength: 1 }),
    ),
    rarely<string[]>(['Host: x'], fc.constantFrom<string[][]>([], ['Host: evil.test'], ['Host: a', 'Host: b'], ['Host: \0'])),
    rarely<string[]>(
      [],
      fc.oneof(
        line('Mcp-Protocol-Version', fc.oneof(odd, fc.constantFrom('2025-03-26', '2026-07-28', '1999-01-01'))).map((header) => [header]),
        line('Last-Event-ID', fc.oneof(odd, fc.constantFrom('0-0', '1-1', '999999999999999-1', '-1-1'))).map((header) => [header]),
        line('Origin', fc.constantFrom('http://gateway.test', 'http://evil.test', 'null', '')).map((header) => [header]),
        line('Content-Encoding', fc.constantFrom('gzip', 'br', 'x')).map((header) => [header]),
        fc.constantFrom<string[][]>(
          ['Expect: 100-continue'],
          ['Expect: x'],
          ['Connection: Upgrade', 'Upgrade: websocket'],
          [' folded'],
          ['no colon'],
          [': x'],
        ),
        fc.integer({ min: 50, max: 2_500 }).map((count) => Array.from({ length: count }, (_, at) => `X-${at}: y`)),
      ),
    ),
  )
  .map((list) => list.flat())

type Framing = { headers: string[]; body: Buffer; whole: boolean }

function framed(body: Buffer<ArrayBufferLike>): fc.Arbitrary<Framing> {
  const hex = body.length.toString(16)
  const chunk = Buffer.concat([Buffer.from(`${hex}\r\n`), body, Buffer.from('\r\n')])
  const chunked = ['Transfer-Encoding: chunked']
  return rarely(
    { headers: [`Content-Length: ${body.length}`], body, whole: true },
    fc.constantFrom<Framing[]>(
      { headers: chunked, body: Buffer.concat([body.length > 0 ? chunk : Buffer.alloc(0), Buffer.from('0\r\n\r\n')]), whole: true },
      { headers: chunked, body: chunk, whole: false },
      { headers: chunked, body: Buffer.concat([Buffer.from('zz\r\n'), body]), whole: false },
      { headers: [...chunked, `Content-Length: ${body.length}`], body: chunk, whole: false },
      { headers: [`Content-Length: ${body.length + 7}`], body, whole: false },
      { headers: [`Content-Length: ${Math.floor(body.length / 2)}`], body, whole: false },
      { headers: ['Content-Length: 17000000'], body, whole: false },
      { headers: ['Content-Length: -1'], body, whole: false },
      { headers: ['Content-Length: 1', 'Content-Length: 2'], body, whole: false },
      { headers: [], body, whole: false },
    ),
  )
}

const single = fc
  .tuple(
    methods,
    targets,
    rarely('HTTP/1.1', fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/1.1 x', '')),
    headers,
    bodies.chain(framed),
    fc.boolean(),
  )
  .map(([method, target, version, lines, framing, close]) => {
    const all = [...lines, ...framing.headers, ...(close ? ['Connection: close'] : [])]
    const head = `${method} ${target} ${version}\r\n${all.map((header) => `${header}\r\n`).join('')}\r\n`
    const answered = method === 'POST' && version === 'HTTP/1.1' && framing.whole
    return { bytes: Buffer.concat([Buffer.from(head, 'latin1'), framing.body]), answered }
  })

/** Anything that a client could send. */
export const requests: fc.Arbitrary<RawRequest> = fc
  .tuple(
    fc.oneof(
      { weight: 9, arbitrary: single },
      fc.uint8Array({ maxLength: 400 }).map((bytes) => ({ bytes: Buffer.from(bytes), answered: false })),
      // Several at once: what follows may be no request, and then the connection ends.
      fc.tuple(single, single, single).map((list) => ({ bytes: Buffer.concat(list.map(({ bytes }) => bytes)), answered: false })),
    ),
    fc.array(fc.nat(), { maxLength: 3 }),
    rarely('wait' as const, fc.constantFrom('half-close' as const, 'reset' as const)),
  )
  .map(([{ bytes, answered }, cuts, end]) => ({ pieces: split(bytes, cuts), end, answered: answered && end === 'wait' }))

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b)
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length))
}
