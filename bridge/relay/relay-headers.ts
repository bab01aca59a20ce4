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

/** The end-to-end headers of a message, as a flat list of names and values in their order and spelling. */
export function endToEndHeaders(rawHeaders: readonly string[], also: readonly string[] = []): string[] {
  const dropped = new Set([...hopByHop, ...also, ...namedByConnection(rawHeaders)])
  return pairs(rawHeaders).flatMap(([name, value]) => (dropped.has(name.toLowerCase()) ? [] : [name, value]))
}

/**
 * The headers for the server behind. Host is the address that the bridge connects to, because servers that guard against DNS rebinding
 * take only loopback names there; the caller's Host goes into X-Forwarded-Host. `Authorization: none` means that none was forwarded.
 */
export function upstreamHeaders(rawHeaders: readonly string[], port: number): string[] {
  const headers = withoutBridges(rawHeaders, port)
  const chunked = pairs(rawHeaders).some(([name]) => name.toLowerCase() === 'transfer-encoding')
  return chunked ? [...headers, 'Transfer-Encoding', 'chunked'] : headers
}

/** The same for a request of the bridge's own on the caller's behalf: nothing of the body and of the caller's session is in it. */
export function callerHeaders(rawHeaders: readonly string[], port: number): string[] {
  return withoutBridges(rawHeaders, port, ofTheExchange)
}

function withoutBridges(rawHeaders: readonly string[], port: number, also: readonly string[] = []): string[] {
  const list = pairs(rawHeaders)
  const host = list.find(([name]) => name.toLowerCase() === 'host')?.[1]
  const withheld = list.some(([name, value]) => name.toLowerCase() === 'authorization' && value === 'none')
  const headers = endToEndHeaders(rawHeaders, [...bridgesOwn, ...also, ...(withheld ? ['authorization'] : [])])
  headers.push('Host', `127.0.0.1:${port}`)
  if (host !== undefined) headers.push('X-Forwarded-Host', host)
  return headers
}

function namedByConnection(rawHeaders: readonly string[]): string[] {
  const values = pairs(rawHeaders).filter(([name]) => name.toLowerCase() === 'connection')
  return values.flatMap(([, value]) => value.split(',').map((name) => name.trim().toLowerCase()))
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  const list: [string, string][] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) list.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
  return list
}
