export type ReplayEvent = { stream: number; sequence: number; frame: Buffer }

export type ReplayBuffer = {
  add(event: ReplayEvent): void
  /** What one stream sent after a sequence number, as far as it is still kept. */
  after(stream: number, sequence: number): ReplayEvent[]
}

/** The last events of one session, for `Last-Event-ID`; the oldest go first. */
export function createReplayBuffer(maxEvents: number, maxBytes: number): ReplayBuffer {
  const events: ReplayEvent[] = []
  let bytes = 0
  return {
    add: (event) => {
      events.push(event)
      bytes += event.frame.length
      while (events.length > maxEvents || bytes > maxBytes) bytes -= events.shift()?.frame.length ?? 0
    },
    after: (stream, sequence) => events.filter((event) => event.stream === stream && event.sequence > sequence),
  }
}

/** `<stream>-<sequence>` as it stands in `Last-Event-ID`; undefined where it is none of ours. */
export function parseEventId(text: string): { stream: number; sequence: number } | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text)
  return match ? { stream: Number(match[1]), sequence: Number(match[2]) } : undefined
}
