import { connect, type Socket } from 'node:net'

export interface RawResponse {
  readonly status: number
  /** Status line and headers as they came. */
  readonly head: string
  readonly body: Buffer
}

/** One keep-alive connection that carries one request at a time, with as little work a call as a client can do. */
export interface RawConnection {
  /** `head` is the request line and headers, each with its line end. */
  request(head: string, body?: string): Promise<RawResponse>
  close(): void
}

// Whoever has not answered by then never will.
const silentMs = 30_000
const endOfHead = '\r\n\r\n'
const endOfChunks = Buffer.from('0\r\n\r\n')

export function rawConnection(port: number): RawConnection {
  let socket: Socket | undefined
  let waiting: Waiting | undefined
  let take = createReader()

  const connected = (): Socket => {
    if (socket?.writable) return socket
    const opened = connect({ port, host: '127.0.0.1', noDelay: true })
    socket = opened
    take = createReader()
    opened.on('data', (chunk: Buffer) => {
      const response = take(chunk)
      if (response) waiting?.resolve(response)
    })
    opened.on('error', () => {})
    opened.setTimeout(silentMs, () => opened.destroy())
    opened.on('close', () => {
      if (socket === opened) waiting?.reject(new Error('the connection was closed without a whole answer'))
    })
    return opened
  }
  return {
    request: (head, body = '') =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        connected().write(`${head}content-length: ${Buffer.byteLength(body)}${endOfHead}${body}`)
      }),
    close: () => void socket?.destroy(),
  }
}

type Waiting = { resolve: (response: RawResponse) => void; reject: (error: Error) => void }

/** Takes chunks and gives the response with the one that completes it. */
function createReader(): (chunk: Buffer) => RawResponse | undefined {
  let parts: Buffer[] = []
  let size = 0
  let head = ''
  let length: number | 'chunked' = 0

  const readHead = (): boolean => {
    const bytes = Buffer.concat(parts)
    const end = bytes.indexOf(endOfHead)
    if (end < 0) return false
    head = bytes.toString('latin1', 0, end)
    const chunked = /\ntransfer-encoding: *chunked/i.test(head)
    length = chunked ? 'chunked' : Number(/\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    parts = [bytes.subarray(end + endOfHead.length)]
    size = parts[0]?.length ?? 0
    return true
  }
  return (chunk) => {
    parts.push(chunk)
    size += chunk.length
    if (head === '' && !readHead()) return undefined
    if (length === 'chunked' ? !endsWithLastChunk(parts) : size < length) return undefined
    const body = Buffer.concat(parts)
    const response = { status: Number(head.slice(9, 12)), head, body: length === 'chunked' ? joinChunks(body) : body }
    parts = []
    size = 0
    head = ''
    return response
  }
}

// JSON holds no raw line break, so these bytes stand nowhere else in what is measured here.
function endsWithLastChunk(parts: readonly Buffer[]): boolean {
  const last = Buffer.concat(parts.slice(-endOfChunks.length))
  return last.subarray(-endOfChunks.length).equals(endOfChunks)
}

function joinChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 4 + size
  }
  return Buffer.concat(chunks)
}
