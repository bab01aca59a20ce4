/** What routing needs of a JSON-RPC message. */
export type Envelope = {
  /** The id as JSON text, exactly as it came. */
  id: string | undefined
  method: string | undefined
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * Reads `id` and `method` of the outermost object without parsing the rest, so that a result of megabytes costs one pass over its bytes.
 * Undefined where the line is no object or ends early; what stands inside of values is not judged.
 */
export function readEnvelope(line: Buffer): Envelope | undefined {
  const envelope: Envelope = { id: undefined, method: undefined }
  let at = skipSpace(line, 0)
  if (line[at] !== openBrace) return undefined
  at = skipSpace(line, at + 1)
  while (line[at] === quote) {
    const keyEnd = skipValue(line, at)
    const key = readKey(line, at, keyEnd)
    at = skipSpace(line, keyEnd)
    if (line[at] !== colon) return undefined
    const start = skipSpace(line, at + 1)
    const end = skipValue(line, start)
    if (key === 'id') envelope.id = line.toString('utf8', start, end)
    else if (key === 'method') envelope.method = line.toString('utf8', start + 1, end - 1)
    at = skipSpace(line, end)
    if (line[at] === comma) at = skipSpace(line, at + 1)
  }
  return line[at] === closeBrace && skipSpace(line, at + 1) === line.length ? envelope : undefined
}

/** The elements of a JSON array as they came; the text must be valid JSON. */
export function readElements(text: Buffer): Buffer[] {
  const elements: Buffer[] = []
  let at = skipSpace(text, skipSpace(text, 0) + 1)
  while (at < text.length && text[at] !== closeBracket) {
    const end = skipValue(text, at)
    elements.push(text.subarray(at, end))
    at = skipSpace(text, end)
    if (text[at] === comma) at = skipSpace(text, at + 1)
  }
  return elements
}

/** One spelling for ids that JSON holds equal, so that `1.0` sent finds the `1` that a server makes of it. */
export function idKey(id: string): string {
  try {
    return JSON.stringify(JSON.parse(id))
  } catch {
    return id
  }
}

// As long as `"method"` with every character escaped.
const longestKey = 2 + 6 * 6

function readKey(line: Buffer, from: number, to: number): string {
  if (to - from <= 8) return line.toString('latin1', from + 1, to - 1)
  if (to - from > longestKey) return ''
  for (let at = from; at < to; at++) if (line[at] === backslash) return idKey(line.toString('latin1', from, to)).slice(1, -1)
  return ''
}

/** The position of the next byte that is no white space. */
export function skipSpace(text: Buffer, from: number): number {
  let at = from
  while (text[at] === 0x20 || text[at] === 0x0a || text[at] === 0x0d || text[at] === 0x09) at++
  return at
}

/** The position after the JSON value that begins here. */
export function skipValue(text: Buffer, from: number): number {
  let at = from
  let depth = 0
  for (; at < text.length; at++) {
    const byte = text[at]
    if (byte === quote) {
      at = skipString(text, at)
      if (depth === 0) return at + 1
    } else if (byte === openBrace || byte === openBracket) depth++
    else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    } else if (depth === 0 && (byte === comma || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) return at
  }
  return at
}

/** The position of the closing quote. */
function skipString(text: Buffer, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== quote) at += text[at] === backslash ? 2 : 1
  return at
}
