import type { Limits } from '../limits.ts'

export type ReplayEvent = { stream: number; sequence: number; frame: Buffer }

export type ReplayBuffer = {
  add(event: ReplayEvent): void
  /** What one stream sent after a sequence number, as far as it is still kept. */
  after(stream: number, sequence: number): ReplayEvent[]
  /** Nobody will ask any more. */
  clear(): void
}

type Kept = { events: ReplayEvent[]; bytes: number }

/**
 * Makes the buffers of all sessions: each keeps its last events for `Last-Event-ID`, the oldest go first.
 * Where all of them together are above their bound, the one that holds most gives way.
 */
export function createReplayBuffers({ replayEvents, replayBytes, replayTotalBytes }: Limits): () => ReplayBuffer {
  const buffers = new Set<Kept>()
  let total = 0
  const dropOldest = (kept: Kept) => {
    const bytes = kept.events.shift()?.frame.length ?? 0
    kept.bytes -= bytes
    total -= bytes
    if (kept.events.length === 0) buffers.delete(kept)
  }
  const largest = () => [...buffers].reduce((a, b) => (b.bytes > a.bytes ? b : a))
  return () => {
    const kept: Kept = { events: [], bytes: 0 }
    return {
      add: (event) => {
        kept.events.push(event)
        kept.bytes += event.frame.length
        total += event.frame.length
        buffers.add(kept)
        while (kept.events.length > replayEvents || kept.bytes > replayBytes) dropOldest(kept)
        while (total > replayTotalBytes) dropOldest(largest())
      },
      after: (stream, sequence) => kept.events.filter((event) => event.stream === stream && event.sequence > sequence),
      clear: () => {
        while (kept.events.length > 0) dropOldest(kept)
      },
    }
  }
}

/** `<stream>-<sequence>` as it stands in `Last-Event-ID`; undefined where it is none of ours. */
export function parseEventId(text: string): { stream: number; sequence: number } | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text)
  return match ? { stream: Number(match[1]), sequence: Number(match[2]) } : undefined
}
