import type { LogLine } from '../aws/logs.ts'
import { pause } from './pause.ts'

export interface AwaitLinesOptions {
  /** A line of this time or later must have come; without it, any line. */
  readonly since?: Date | undefined
  readonly signal: AbortSignal
  readonly timeoutMilliseconds?: number
  readonly quietMilliseconds?: number
  readonly pollMilliseconds?: number
}

/**
 * The lines of something that has just ended: CloudWatch gets them some seconds late, so they are read until one has come
 * and no more follow for a while; when the time is over, what there is.
 */
export async function awaitLines(read: () => Promise<LogLine[]>, options: AwaitLinesOptions): Promise<LogLine[]> {
  const { since, signal, timeoutMilliseconds = 8000, quietMilliseconds = 1500, pollMilliseconds = 500 } = options
  const deadline = Date.now() + timeoutMilliseconds
  let lines = await read()
  let changedAt = Date.now()
  for (;;) {
    const newest = lines.at(-1)?.at ?? Number.NEGATIVE_INFINITY
    const hasCome = newest >= (since?.getTime() ?? 0)
    if ((hasCome && Date.now() - changedAt >= quietMilliseconds) || Date.now() >= deadline) return lines
    await pause(pollMilliseconds, signal)
    const next = await read()
    if (next.length !== lines.length || next.at(-1)?.at !== newest) changedAt = Date.now()
    lines = next
  }
}
