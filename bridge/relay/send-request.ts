import type { IncomingMessage } from 'node:http'
import type { Connection } from './connections.ts'
import type { FieldList } from './parse-fields.ts'
import { passedTrailers } from './relay-headers.ts'

export type SentRequest = {
  isWhole(): boolean
  onDrain(): void
  /** Takes no more of the client's body. */
  stop(): void
}

/** Sends a request's line and headers, and its body as it comes; what comes together leaves together. */
export function sendRequest(req: IncomingMessage, head: string, connection: Connection): SentRequest {
  const chunked = req.headers['transfer-encoding'] !== undefined
  let whole = !chunked && (req.headers['content-length'] ?? '0') === '0'
  const take = (chunk: Buffer) => {
    if (chunked) connection.write(`${chunk.length.toString(16)}\r\n`)
    const keepsUp = connection.write(chunk)
    if (chunked) connection.write('\r\n')
    if (!keepsUp) req.pause()
  }
  const finish = () => {
    whole = true
    if (chunked) connection.write(`0\r\n${fieldLines(passedTrailers(req.rawTrailers))}\r\n`)
    connection.uncork()
  }
  connection.cork()
  connection.write(head)
  if (whole) connection.uncork()
  else {
    setImmediate(connection.uncork)
    req.on('data', take).on('end', finish)
  }
  return {
    isWhole: () => whole,
    onDrain: () => void req.resume(),
    stop: () => void req.off('data', take).off('end', finish).resume(),
  }
}

export function requestHead(method: string, path: string, fields: FieldList): string {
  return `${method} ${path} HTTP/1.1\r\n${fieldLines(fields)}\r\n`
}

export function fieldLines(fields: FieldList): string {
  let lines = ''
  for (let at = 0; at < fields.length; at += 2) lines += `${fields[at]}: ${fields[at + 1]}\r\n`
  return lines
}
