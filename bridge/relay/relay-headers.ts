import { type FieldList, membersOf, valuesOf } from './parse-fields.ts'

const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

// The bridge has checked Origin against the public URL, which the server does not know, and Node has answered Expect.
const bridgesOwn = ['host', 'origin', 'expect', 'x-forwarded-host']

const ofTheExchange = [
  'accept',
  'accept-encoding',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-type',
  'last-event-id',
  'mcp-session-id',
]

const endToEnd = new Set(hopByHop)
const toServer = new Set([...hopByHop, ...bridgesOwn])
const ofCaller = new Set([...toServer, ...ofTheExchange])
// Whatever says who calls, or how to read the body, stands in front of the body.
const ofTrailers = new Set([...ofCaller, 'authorization', 'x-gantry-identity'])

/** The end-to-end headers of a message, as a flat list of names and values in their order and spelling. */
export function endToEndHeaders(fields: FieldList, also: readonly string[] = []): string[] {
  return passedFields(fields, also.length === 0 ? endToEnd : new Set([...hopByHop, ...also]))
}

/** Those of an answer, with `Trailer` where trailers can follow. */
export function answerHeaders(fields: FieldList, withTrailers: boolean): string[] {
  const headers = endToEndHeaders(fields)
  for (const value of withTrailers ? valuesOf(fields, 'trailer') : []) headers.push('Trailer', value)
  return headers
}

/**
 * The headers for the server behind. Host is the address that the bridge connects to, because servers that guard against DNS rebinding
 * take only loopback names there; the caller's Host goes into X-Forwarded-Host. `Authorization: none` means that none was forwarded.
 */
export function upstreamHeaders(fields: FieldList, port: number): string[] {
  const headers = withBridges(fields, port, toServer)
  if (valuesOf(fields, 'transfer-encoding').length > 0) headers.push('Transfer-Encoding', 'chunked')
  return headers
}

/** The same for a request of the bridge's own on the caller's behalf: nothing of the body and of the caller's session is in it. */
export function callerHeaders(fields: FieldList, port: number): string[] {
  return withBridges(fields, port, ofCaller)
}

/** What may follow a body, in either direction. */
export function passedTrailers(fields: FieldList): string[] {
  return passedFields(fields, ofTrailers)
}

function withBridges(fields: FieldList, port: number, dropped: ReadonlySet<string>): string[] {
  const headers = passedFields(fields, dropped)
  const [host] = valuesOf(fields, 'host')
  headers.push('Host', `127.0.0.1:${port}`)
  if (host !== undefined) headers.push('X-Forwarded-Host', host)
  return headers
}

/** Every header of every relayed message passes here: the one place to change or leave out a value. */
function passedFields(fields: FieldList, dropped: ReadonlySet<string>): string[] {
  const named = membersOf(fields, 'connection')
  const passed: string[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [name = '', value = ''] = [fields[at], fields[at + 1]]
    const lower = name.toLowerCase()
    const withheld = lower === 'authorization' && value === 'none'
    if (!withheld && !dropped.has(lower) && !named.includes(lower)) passed.push(name, value)
  }
  return passed
}
