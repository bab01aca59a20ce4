import type { IncomingMessage } from 'node:http'
import type { Connection } from './connections.ts'
import type { FieldList } from './parse-fields.ts'
import { passedTrailers } from './relay-headers.ts'

export type SentRequest = {
  /** Sends the body that waited. */
  proceed(): void
  isWhole(): boolean
  onDrain(): void
  /** Takes no more of the client's body. */
  stop(): void
}

type Options = {
  req: IncomingMessage
  /** The request's line and headers, as the server gets them. */
  head: string
  /** The body, where it has been read already. */
  body: Buffer | undefined
  /** The body waits until it is to proceed. */
  waits: boolean
  connection: Connection
}

/** Sends a request's line and headers, and its body as it comes; what comes together leaves together. */
export function sendRequest({ req, head, body, waits, connection }: Options): SentRequest {
  const chunked = body === undefined && req.headers['transfer-encoding'] !== undefined
  let whole = body === undefined && !chunked && (req.headers['content-length'] ?? '0') === '0'
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
  const proceed = () => {
    if (body === undefined) return void req.on('data', take).on('end', finish)
    connection.write(body)
    whole = true
  }
  connection.cork()
  connection.write(head)
  if (whole || waits) connection.uncork()
  else {
    setImmediate(connection.uncork)
    proceed()
  }
  return {
    proceed,
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
