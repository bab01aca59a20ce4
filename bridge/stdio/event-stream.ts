import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { ReplayBuffer, ReplayEvent } from './replay-buffer.ts'

/** A stream of server-sent events that outlives its connections: what nobody reads waits in the replay buffer. */
export type EventStream = {
  readonly number: number
  readonly attached: boolean
  send(message: Buffer): void
  /** Sends an event that is no message, such as `endpoint`. */
  sendEvent(name: string, data: string): void
  /**
   * Begins a response with what the stream sent after `after`; without it, with what no connection got yet. With `prime` it begins
   * with an id also where there is nothing to send yet, so that the client can resume it in any case.
   */
  attach(res: ServerResponse, options?: { headers?: OutgoingHttpHeaders; after?: number; prime?: boolean }): void
  /** Keeps quiet connections alive. */
  beat(now: number, quietMs: number): void
  finish(): void
}

type Options = {
  number: number
  replay: ReplayBuffer
  /** Told after each write, so that a slow reader can slow down the child. */
  onWrite: (res: ServerResponse) => void
}

const newline = 0x0a
const streamHeaders = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' }

export function createEventStream({ number, replay, onWrite }: Options): EventStream {
  const responses: ServerResponse[] = []
  let sequence = 0
  let delivered = 0
  let lastWrite = 0

  const write = (res: ServerResponse, data: Buffer | string) => {
    lastWrite = Date.now()
    res.write(data)
    onWrite(res)
  }
  return {
    number,
    get attached() {
      return responses.length > 0
    },
    send: (message) => {
      const frame = toFrame(`id: ${number}-${++sequence}\ndata: `, message)
      replay.add({ stream: number, sequence, frame })
      // Each message goes to one connection only: the newest, as older ones may be dead without having said so.
      const res = responses.at(-1)
      if (!res) return
      delivered = sequence
      write(res, frame)
    },
    sendEvent: (name, data) => {
      const res = responses.at(-1)
      if (res) write(res, `event: ${name}\ndata: ${data}\n\n`)
    },
    attach: (res, { headers, after = delivered, prime = false } = {}) => {
      if (res.destroyed) return
      res.writeHead(200, { ...streamHeaders, ...headers })
      res.flushHeaders()
      responses.push(res)
      res.once('close', () => responses.splice(responses.indexOf(res), 1))
      lastWrite = Date.now()
      const missed = replay.after(number, after)
      if (prime && missed.length === 0) write(res, `id: ${number}-${sequence}\ndata: \n\n`)
      for (const event of missed) write(res, event.frame)
      delivered = sequence
    },
    beat: (now, quietMs) => {
      if (now - lastWrite < quietMs) return
      for (const res of responses) if (!res.writableNeedDrain) write(res, ': keep-alive\n\n')
    },
    finish: () => {
      for (const res of responses) res.end()
    },
  }
}

/** Answers a resume of a stream that has ended: what is left of it, then the end. */
export function sendEnded(res: ServerResponse, events: readonly ReplayEvent[]): void {
  res.writeHead(200, streamHeaders)
  res.end(Buffer.concat(events.map((event) => event.frame)))
}

// A carriage return would end the line for an event-stream parser; in JSON it can only stand between tokens.
function toFrame(head: string, message: Buffer): Buffer {
  // Not from the pool: a small frame that is kept would keep the pool's 8 KiB.
  const frame = Buffer.allocUnsafeSlow(head.length + message.length + 2)
  frame.write(head, 'latin1')
  message.copy(frame, head.length)
  for (let at = message.indexOf(0x0d); at >= 0; at = message.indexOf(0x0d, at + 1)) frame[head.length + at] = 0x20
  frame.fill(newline, frame.length - 2)
  return frame
}
