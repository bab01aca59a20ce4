import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connection } from './connections.ts'
import type { StreamWatch } from './keep-alive.ts'
import type { ResponseHead } from './parse-response.ts'
import { answerHeaders, passedTrailers } from './relay-headers.ts'
import { fieldLines, sendRequest } from './send-request.ts'

type Options = {
  req: IncomingMessage
  res: ServerResponse
  /** The request's line and headers, as the server gets them. */
  head: string
  /** The body, where it has been read already. */
  body?: Buffer | undefined
  /** The head asks for `100 Continue`, and the body waits for it. */
  waits?: boolean
  /** How long the connection may take to be made, or to show that it still is one. */
  patienceMs?: number
  connection: Connection
  /** Changes the headers of the answer on their way. */
  toClient?: (headers: string[]) => string[]
  onHead?: (head: ResponseHead) => StreamWatch | undefined
  /** Nothing has been answered yet; `taken` says whether any of the body may have been read. */
  onUnreached: (error: NodeJS.ErrnoException, taken: boolean) => void
}

// A string leaves with the headers in one write; beyond this size the copy costs more.
const mostBytesAsString = 16 * 1024

/** Passes one request and its answer on, byte for byte, never faster than the slower side takes them. */
export function relayCall(options: Options): void {
  const { req, res, waits = false, connection, onUnreached } = options
  let over = false
  let taken = !waits
  let flushed = false
  let watch: StreamWatch | undefined
  const request = sendRequest({ req, head: options.head, body: options.body, waits, connection })
  res.once('close', () => {
    if (over) return
    over = true
    connection.destroy()
  })
  res.on('drain', () => over || connection.resume())
  connection.begin({
    toHead: req.method === 'HEAD',
    patienceMs: options.patienceMs,
    onInformation: (information) => {
      if (information.status !== 100) return passInformation(req, res, information)
      if (taken) return
      taken = true
      request.proceed()
    },
    onHead: (answer) => {
      const headers = answerHeaders(answer.fields, answer.chunked && req.httpVersionMinor > 0)
      res.writeHead(answer.status, answer.reason, options.toClient?.(headers) ?? headers)
      watch = options.onHead?.(answer)
    },
    onData: (data) => {
      flushed = true
      watch?.onData(data)
      const keepsUp = data.length > mostBytesAsString ? res.write(data) : res.write(data.toString('latin1'), 'latin1')
      if (!keepsUp) connection.pause()
    },
    onPassed: () => {
      if (flushed || !res.headersSent) return
      flushed = true
      res.flushHeaders()
    },
    onEnd: (trailers, reusable) => {
      over = true
      flushed = true
      watch?.onEnd()
      if (trailers.length > 0) res.addTrailers(pairs(passedTrailers(trailers)))
      res.end()
      if (reusable && request.isWhole()) return connection.release()
      // A server may answer before it has read everything; it must not take the rest for another request.
      request.stop()
      connection.destroy()
    },
    onDrain: request.onDrain,
    onFailure: (error) => {
      over = true
      if (taken) request.stop()
      if (!res.headersSent) onUnreached(error, taken)
      // Where only the end of the connection ends the answer, a plain end would make it look whole.
      else if (req.httpVersionMinor === 0) req.socket.resetAndDestroy()
      else res.destroy()
    },
  })
}

/** Early hints and the like. Nothing of the answer has been written, so the socket is this answer's. */
function passInformation(req: IncomingMessage, res: ServerResponse, { status, reason, fields }: ResponseHead): void {
  if (req.httpVersionMinor === 0) return
  res.socket?.write(`HTTP/1.1 ${status} ${reason}\r\n${fieldLines(answerHeaders(fields, false))}\r\n`, 'latin1')
}

function pairs(fields: readonly string[]): [string, string][] {
  const list: [string, string][] = []
  for (let at = 0; at + 1 < fields.length; at += 2) list.push([fields[at] ?? '', fields[at + 1] ?? ''])
  return list
}
