import type { ServerResponse } from 'node:http'
import { createEventStream, type EventStream, sendEnded } from './event-stream.ts'
import { parseEventId, type ReplayBuffer } from './replay-buffer.ts'

/** The event streams of one session, and what is kept of them. */
export type SessionStreams = {
  /** For server messages that belong to no request. */
  readonly standalone: EventStream
  /** A stream for the requests of one POST. */
  open(): EventStream
  close(stream: EventStream): void
  /** Goes on after an event that the client names; false where the id was never given out. */
  resume(res: ServerResponse, lastEventId: string, prime: boolean): boolean
}

export function createSessionStreams(replay: ReplayBuffer, onWrite: (res: ServerResponse) => void): SessionStreams {
  const live = new Map<number, EventStream>()
  let count = 0
  const open = () => {
    const stream = createEventStream({ number: count++, replay, onWrite })
    live.set(stream.number, stream)
    return stream
  }
  const standalone = open()
  return {
    standalone,
    open,
    close: (stream) => live.delete(stream.number),
    resume: (res, lastEventId, prime) => {
      const last = parseEventId(lastEventId)
      if (!last || last.stream >= count) return false
      const stream = live.get(last.stream)
      if (stream) stream.attach(res, { after: last.sequence, prime })
      else sendEnded(res, replay.after(last.stream, last.sequence))
      return true
    },
  }
}
