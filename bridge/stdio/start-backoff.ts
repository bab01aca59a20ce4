import type { Limits } from '../limits.ts'

/** Why a caller may start nothing now. */
export type Refusal = { reason: string; retryAfterSeconds: number }

/** Slows down starts that keep failing. */
export type StartBackoff = {
  refusal(sub: string, now: number): Refusal | undefined
  /** A peer of this caller ended by itself, before it began to work or soon after. */
  failed(sub: string, failure: { reason: string; opened: boolean }, now: number): void
  /** A peer began to work: whoever waits because none did waits no more. */
  opened(): void
  /** A peer went on working. */
  lasted(): void
}

type Failures = { count: number; until: number; reason: string; opened: boolean }

/** Failures in a row that cost nothing. */
const free = 2
const mostCallers = 1000

/** Counts for each caller alone: what one of them sends may be what ends the server. */
export function createStartBackoff({ backoffSeconds, longestBackoffSeconds }: Limits): StartBackoff {
  const callers = new Map<string, Failures>()
  return {
    refusal: (sub, now) => {
      const failures = callers.get(sub)
      if (!failures || failures.until <= now) return undefined
      const reason = `The last ${failures.count} starts of the server failed, so the next one has to wait. ${failures.reason}`
      return { reason, retryAfterSeconds: Math.ceil((failures.until - now) / 1000) }
    },
    failed: (sub, { reason, opened }, now) => {
      const count = (callers.get(sub)?.count ?? 0) + 1
      const seconds = count <= free ? 0 : Math.min(longestBackoffSeconds, backoffSeconds * 2 ** (count - free - 1))
      callers.delete(sub)
      const [oldest] = callers.size < mostCallers ? [] : callers.keys()
      if (oldest !== undefined) callers.delete(oldest)
      callers.set(sub, { count, until: now + seconds * 1000, reason, opened })
    },
    opened: () => {
      for (const [sub, { opened }] of callers) if (!opened) callers.delete(sub)
    },
    lasted: () => callers.clear(),
  }
}
