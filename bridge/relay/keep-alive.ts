import type { ServerResponse } from 'node:http'
import { type FieldList, valuesOf } from './parse-fields.ts'

const lastBytes = 3
const endOfEvent = /\n\r?\n$|\r\r$/

/** Told of a stream that passes. */
export type StreamWatch = { onData(chunk: Buffer): void; onEnd(): void }

/**
 * Puts a comment on an event stream with these headers whenever its server has been silent for `quietMs`, so that nothing on the way
 * gives the stream up. Comments come between events only, and never where the bytes are not plain text of unknown length.
 */
export function keepAlive(fields: FieldList, res: ServerResponse, quietMs: number): StreamWatch | undefined {
  if (valuesOf(fields, 'content-encoding').length > 0 || valuesOf(fields, 'content-length').length > 0) return undefined
  let tail = '\n\n'
  const timer = setTimeout(() => {
    if (endOfEvent.test(tail) && !res.writableNeedDrain) res.write(': keep-alive\n\n')
    timer.refresh()
  }, quietMs)
  const onEnd = () => clearTimeout(timer)
  res.once('close', onEnd)
  return {
    onData: (chunk) => {
      tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - lastBytes))).slice(-lastBytes)
      timer.refresh()
    },
    onEnd,
  }
}
