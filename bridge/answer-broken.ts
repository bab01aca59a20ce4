import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { errorCode, errorMessage } from './refuse.ts'

/** What the client may still send before its connection ends: one that is closed at once may lose the answer. */
const lingerMs = 1000

const causes: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of a chunk are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time.'],
}

/** Answers bytes that are no request of HTTP, once for each connection. */
export function createBrokenAnswer(isAnswering: (socket: Socket) => boolean): (error: NodeJS.ErrnoException, socket: Socket) => void {
  const answered = new WeakSet<Socket>()
  return (error, socket) => {
    if (answered.has(socket)) return
    answered.add(socket)
    // In the middle of an answer these bytes would become part of it.
    if (!socket.writable || isAnswering(socket)) return void socket.destroy()
    const [status, reason] = causes[error.code ?? ''] ?? [400, 'This is no request of HTTP/1.1.']
    const body = errorMessage(errorCode.refused, reason)
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\n`
    socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    setTimeout(() => socket.destroy(), lingerMs).unref()
  }
}
