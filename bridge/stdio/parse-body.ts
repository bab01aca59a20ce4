import { isUtf8 } from 'node:buffer'
import { errorCode } from '../refuse.ts'
import { isCostly } from './is-costly.ts'
import { readElements, readEnvelope } from './read-envelope.ts'

/** One message of a client, ready for the child. */
export type ClientMessage = {
  /** The bytes that came, on one line, newline included. */
  line: Buffer
  kind: 'request' | 'notification' | 'response'
  method: string
  /** A request's id as JSON text, exactly as it came. */
  id: string
  /** The params as parsed; empty where there are none. */
  params: Readonly<Record<string, unknown>>
  progressToken: string | undefined
  /** The request that a `notifications/cancelled` ends. */
  cancels: string | undefined
}

export type ParsedBody = { messages: ClientMessage[]; batch: boolean } | { code: number; reason: string; id?: string }

const longestBatch = 1000
const longestId = 128 * 1024

/** Checks a body as far as routing needs it; the messages keep their bytes. */
export function parseBody(body: Buffer): ParsedBody {
  if (isCostly(body)) return { code: errorCode.invalidRequest, reason: 'The body holds too many values.' }
  const value = isUtf8(body) ? parseJson(body) : undefined
  if (value === undefined) return { code: errorCode.parse, reason: 'The body is not JSON in UTF-8.' }
  if (!Array.isArray(value)) {
    const message = toMessage(value, body)
    return 'reason' in message ? message : { messages: [message], batch: false }
  }
  if (value.length === 0) return { code: errorCode.invalidRequest, reason: 'The batch is empty.' }
  if (value.length > longestBatch) return { code: errorCode.invalidRequest, reason: `A batch has at most ${longestBatch} messages.` }
  const messages: ClientMessage[] = []
  for (const [index, element] of readElements(body).entries()) {
    const message = toMessage(value[index], element)
    if ('reason' in message) return message
    messages.push(message)
  }
  return { messages, batch: true }
}

function toMessage(value: unknown, bytes: Buffer): ClientMessage | { code: number; reason: string; id?: string } {
  const invalid = (reason: string, id?: string) => ({ code: errorCode.invalidRequest, reason, id })
  if (!isRecord(value) || value.jsonrpc !== '2.0') return invalid('A message is a JSON object with "jsonrpc":"2.0".')
  const { method } = value
  const params = isRecord(value.params) ? value.params : {}
  const hasId = Object.hasOwn(value, 'id')
  if (hasId && typeof value.id !== 'string' && typeof value.id !== 'number') return invalid('An id is a string or a number.')
  const id = hasId ? (readEnvelope(bytes)?.id ?? JSON.stringify(value.id)) : ''
  if (id.length > longestId) return invalid(`An id has at most ${longestId} characters.`)
  if (method === undefined && hasId && ('result' in value || 'error' in value)) {
    return { line: oneLine(bytes), kind: 'response', method: '', id, params: {}, progressToken: undefined, cancels: undefined }
  }
  if (typeof method !== 'string') return invalid('A message has a method, or an id with a result or an error.', id || undefined)
  const meta = isRecord(params._meta) ? params._meta : {}
  const cancelled = method === 'notifications/cancelled' ? params.requestId : undefined
  return {
    line: oneLine(bytes),
    kind: hasId ? 'request' : 'notification',
    method,
    id,
    params,
    progressToken: keyOf(meta.progressToken),
    cancels: keyOf(cancelled),
  }
}

/** An id or a progress token as JSON text; undefined where it is neither string nor number. */
function keyOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : undefined
}

// In valid JSON a raw line break can only stand between tokens, so a space means the same.
function oneLine(bytes: Buffer): Buffer {
  const line = Buffer.allocUnsafe(bytes.length + 1)
  bytes.copy(line)
  for (const lineBreak of [0x0a, 0x0d]) {
    for (let at = bytes.indexOf(lineBreak); at >= 0; at = bytes.indexOf(lineBreak, at + 1)) line[at] = 0x20
  }
  line[bytes.length] = 0x0a
  return line
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
