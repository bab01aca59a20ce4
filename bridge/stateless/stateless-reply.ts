import type { ServerResponse } from 'node:http'
import type { Reply } from '../stdio/reply.ts'
import { statusOf } from './revision.ts'

type Options = {
  res: ServerResponse
  /** What the client's Accept admits. */
  accept: { json: boolean; stream: boolean }
  /** The answer as the client is to get it, and its code where it is an error. */
  translate: (line: Buffer) => { message: Buffer; code?: number }
  onWrite: (res: ServerResponse) => void
}

const streamHeaders = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' }

export type StatelessReply = Reply & {
  /** Ends it with a message that is the client's already. */
  send(message: Buffer, code?: number): void
}

/** Answers one request with one JSON body, or with an event stream, which nobody can resume, once something else comes first. */
export function createStatelessReply({ res, accept, translate, onWrite }: Options): StatelessReply {
  const began = Date.now()
  let lastWrite = 0

  const isOver = () => res.destroyed || res.writableEnded
  const write = (data: Buffer | string) => {
    if (isOver()) return
    if (!res.headersSent) {
      res.writeHead(200, streamHeaders)
      res.flushHeaders()
    }
    lastWrite = Date.now()
    res.write(data)
    onWrite(res)
  }
  const send = (message: Buffer, code?: number) => {
    if (isOver()) return
    if (accept.json && !res.headersSent) {
      const status = code === undefined ? 200 : statusOf(code)
      res.writeHead(status, { 'content-type': 'application/json', 'content-length': message.length }).end(message)
      return onWrite(res)
    }
    write(toEvent(message))
    res.end()
  }
  return {
    get canCarry() {
      return accept.stream && !isOver()
    },
    get connected() {
      return !isOver()
    },
    answer: (line) => {
      const { message, code } = translate(line)
      send(message, code)
    },
    send,
    carry: (message) => {
      if (accept.stream) write(toEvent(message))
    },
    forgo: () => {},
    beat: (now, quietMs) => {
      if (accept.stream && now - Math.max(began, lastWrite) >= quietMs && !res.writableNeedDrain) write(': keep-alive\n\n')
    },
  }
}

// A carriage return would end the line for an event-stream parser; in JSON it can only stand between tokens.
function toEvent(message: Buffer): Buffer {
  const data = Buffer.from(message)
  for (let at = data.indexOf(0x0d); at >= 0; at = data.indexOf(0x0d, at + 1)) data[at] = 0x20
  return Buffer.concat([Buffer.from('data: '), data, Buffer.from('\n\n')])
}
