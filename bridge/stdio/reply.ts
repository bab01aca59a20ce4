import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { EventStream } from './event-stream.ts'

/** The way back for the requests of one POST. */
export type Reply = {
  /** Whether it can carry a message that is no answer, now or on a later resume. */
  readonly canCarry: boolean
  /** Whether a client still waits on it. */
  readonly connected: boolean
  answer(message: Buffer): void
  carry(message: Buffer): void
  /** One of its requests will have no answer. */
  forgo(): void
  beat(now: number, quietMs: number): void
}

type Options = {
  res: ServerResponse
  /** Requests in the POST. */
  requests: number
  /** What the client's Accept admits. */
  accept: { json: boolean; stream: boolean }
  batch: boolean
  headers: () => OutgoingHttpHeaders
  openStream: () => EventStream
  onStreamEnd: (stream: EventStream) => void
  /** Whether to begin a stream with an event id, so that the client can resume it (from revision 2025-11-25). */
  prime: boolean
  onWrite: (res: ServerResponse) => void
}

/**
 * Answers with one JSON body where the answer comes first, which costs both sides least,
 * and becomes an event stream as soon as something else has to be sent or the answer takes long.
 */
export function createReply(options: Options): Reply {
  const { res, accept, batch } = options
  const began = Date.now()
  const collected: Buffer[] = []
  let remaining = options.requests
  let stream: EventStream | undefined

  const startStream = () => {
    stream = options.openStream()
    stream.attach(res, { headers: options.headers(), prime: options.prime })
    return stream
  }
  const settle = () => {
    if (--remaining > 0) return
    if (stream) {
      stream.finish()
      options.onStreamEnd(stream)
    } else if (collected.length > 0) sendJson(batch ? joinArray(collected) : (collected[0] as Buffer))
    else if (!res.destroyed) res.writeHead(200, { 'content-type': 'text/event-stream', ...options.headers() }).end()
  }
  const sendJson = (body: Buffer) => {
    if (res.destroyed) return
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, ...options.headers() })
    res.end(body)
    options.onWrite(res)
  }
  return {
    get canCarry() {
      return stream !== undefined || (accept.stream && !res.destroyed)
    },
    get connected() {
      return stream ? stream.attached : !res.destroyed
    },
    answer: (message) => {
      if (stream || !accept.json || (batch && accept.stream)) (stream ?? startStream()).send(message)
      else collected.push(message)
      settle()
    },
    carry: (message) => (stream ?? startStream()).send(message),
    forgo: settle,
    beat: (now, quietMs) => {
      if (!stream && accept.stream && !res.destroyed && now - began >= quietMs) startStream()
      stream?.beat(now, quietMs)
    },
  }
}

function joinArray(messages: readonly Buffer[]): Buffer {
  const parts = messages.flatMap((message, index) => [Buffer.from(index === 0 ? '[' : ','), message])
  return Buffer.concat([...parts, Buffer.from(']')])
}
