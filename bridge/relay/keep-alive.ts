import type { ServerResponse } from 'node:http'

export type KeepAlive = {
  /** Told of all bytes of the stream, in their order. */
  passed(data: Buffer): void
  /** The stream has ended. */
  stop(): void
}

const lastBytes = 3
const endOfEvent = /\n\r?\n$|\r\r$/

/**
 * Puts a comment on an event stream whenever its server has been silent for `quietMs`, so that nothing on the way gives the stream up.
 * Comments come between events only. The stream's bytes must be plain text of unknown length.
 */
export function createKeepAlive(res: ServerResponse, quietMs: number): KeepAlive {
  let tail = '\n\n'
  const timer = setTimeout(() => {
    if (endOfEvent.test(tail) && !res.writableNeedDrain) res.write(': keep-alive\n\n')
    timer.refresh()
  }, quietMs)
  const stop = () => clearTimeout(timer)
  res.once('close', stop)
  return {
    passed: (data) => {
      tail = (tail + data.toString('latin1', Math.max(0, data.length - lastBytes))).slice(-lastBytes)
      timer.refresh()
    },
    stop,
  }
}
