import { membersOf, parseFields, valuesOf } from './parse-fields.ts'

export type ResponseHead = {
  minor: 0 | 1
  status: number
  reason: string
  fields: string[]
  /** A body in chunks follows, and maybe trailers. */
  chunked: boolean
}

export type ResponseSink = {
  /** The request was HEAD: its answer has no body, whatever its headers say. */
  readonly toHead: boolean
  /** An answer before the answer, such as 103. */
  onInformation(head: ResponseHead): void
  onHead(head: ResponseHead): void
  onData(data: Buffer): void
  /** `reusable`: another request may follow on this connection. */
  onEnd(trailers: string[], reusable: boolean): void
}

export type ResponseParser = {
  expect(sink: ResponseSink): void
  /** Throws on whatever is no HTTP/1.1 or could be read in two ways; the connection is then of no use any more. */
  take(chunk: Buffer): void
  /** The server sends no more. Throws where that cuts an answer off. */
  finish(): void
}

/** Takes bytes and gives what is left of them, or undefined where it needs more. */
type Step = (bytes: Buffer) => Buffer | undefined

const mostHeadBytes = 16 * 1024
const mostSizeLineBytes = 1024
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/
const sizeLine = /^([0-9a-f]{1,12})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/i
const lineEnd = '\r\n'

/** Reads the answers of one connection, strictly: what intermediaries could understand differently is refused. */
export function createResponseParser(): ResponseParser {
  let sink: ResponseSink | undefined
  let waiting: Buffer | undefined
  let left = 0
  let reusable = true

  const end = (trailers: string[]) => {
    const ended = sink
    sink = undefined
    step = refuse
    ended?.onEnd(trailers, reusable)
  }
  const refuse: Step = () => {
    throw new Error('The server sent bytes that nobody asked for.')
  }
  const readHead: Step = (bytes) => {
    const block = readBlock(bytes, '\r\n\r\n', mostHeadBytes)
    if (!block) return undefined
    const head = parseHead(block.text)
    if (head.status < 200) sink?.onInformation(head)
    else begin(head)
    return block.rest
  }
  const begin = (head: ResponseHead) => {
    const framing = framingOf(head)
    const bodyless = sink?.toHead === true || head.status === 204 || head.status === 304
    const closes = membersOf(head.fields, 'connection').includes('close') || (framing === 'close' && !bodyless)
    // Should a 204 have a body after all, its bytes must not meet the next answer.
    reusable = head.minor === 1 && !closes && (head.status !== 204 || framing === 'close' || framing === 0)
    left = typeof framing === 'number' ? framing : 0
    step = framing === 'close' ? readUntilClose : framing === 'chunked' ? readSize : readLength
    head.chunked = framing === 'chunked' && !bodyless
    sink?.onHead(head)
    if (bodyless || framing === 0) end([])
  }
  const readUntilClose: Step = (bytes) => {
    sink?.onData(bytes)
    return bytes.subarray(bytes.length)
  }
  const passData = (bytes: Buffer): Buffer => {
    const data = bytes.length > left ? bytes.subarray(0, left) : bytes
    left -= data.length
    sink?.onData(data)
    return bytes.subarray(data.length)
  }
  const readLength: Step = (bytes) => {
    const rest = passData(bytes)
    if (left === 0) end([])
    return rest
  }
  const readSize: Step = (bytes) => {
    const block = readBlock(bytes, lineEnd, mostSizeLineBytes)
    if (!block) return undefined
    const digits = sizeLine.exec(block.text)?.[1]
    if (digits === undefined) throw new Error('The server sent a chunk without a size.')
    left = Number.parseInt(digits, 16)
    step = left === 0 ? readTrailers : readChunk
    return block.rest
  }
  const readChunk: Step = (bytes) => {
    const rest = passData(bytes)
    if (left === 0) step = readChunkEnd
    return rest
  }
  const readChunkEnd: Step = (bytes) => {
    if (bytes.length < lineEnd.length) return undefined
    if (bytes[0] !== 0x0d || bytes[1] !== 0x0a) throw new Error('The server sent a chunk that is longer than its size.')
    step = readSize
    return bytes.subarray(lineEnd.length)
  }
  const readTrailers: Step = (bytes) => {
    const none = bytes[0] === 0x0d && bytes[1] === 0x0a
    const block = none ? { text: '', rest: bytes.subarray(lineEnd.length) } : readBlock(bytes, '\r\n\r\n', mostHeadBytes)
    if (block) end(none ? [] : parseFields(block.text.split(lineEnd)))
    return block?.rest
  }
  let step: Step = refuse

  return {
    expect: (next) => {
      sink = next
      step = readHead
    },
    take: (chunk) => {
      let bytes: Buffer | undefined = waiting ? Buffer.concat([waiting, chunk]) : chunk
      waiting = undefined
      while (bytes.length > 0) {
        const rest = step(bytes)
        if (!rest) waiting = bytes
        bytes = rest ?? bytes.subarray(bytes.length)
      }
    },
    finish: () => {
      if (step === readUntilClose) end([])
      else if (sink) throw new Error('The server closed the connection before its answer was whole.')
    },
  }
}

function readBlock(bytes: Buffer, terminator: string, most: number): { text: string; rest: Buffer } | undefined {
  const end = bytes.indexOf(terminator, 0, 'latin1')
  if (end > most || (end < 0 && bytes.length >= most + terminator.length)) throw new Error('The server sent headers that are too large.')
  return end < 0 ? undefined : { text: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + terminator.length) }
}

function parseHead(text: string): ResponseHead {
  const [first = '', ...lines] = text.split(lineEnd)
  const [, minor, digits, reason = ''] = statusLine.exec(first) ?? []
  const status = Number(digits)
  if (minor === undefined || status === 101) throw new Error('The server sent no status line of HTTP/1.1.')
  return { minor: minor === '1' ? 1 : 0, status, reason, fields: parseFields(lines), chunked: false }
}

/** Bytes of the body, or how its end is found. */
function framingOf({ minor, fields }: ResponseHead): number | 'chunked' | 'close' {
  const encodings = valuesOf(fields, 'transfer-encoding')
  const lengths = valuesOf(fields, 'content-length')
  if (encodings.length === 0 && lengths.length === 0) return 'close'
  const [encoding, length] = [encodings[0]?.toLowerCase(), lengths[0] ?? '']
  if (encodings.length + lengths.length > 1) throw new Error('The server sent a body whose end can be read in two ways.')
  if (encoding === 'chunked' && minor === 1) return 'chunked'
  if (!/^\d{1,15}$/.test(length)) throw new Error('The server sent a body whose end cannot be told.')
  return Number(length)
}
