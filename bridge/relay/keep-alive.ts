import type { IncomingMessage, ServerResponse } from 'node:http'

const lastBytes = 3
const endOfEvent = /\n\r?\n$|\r\r$/

/**
 * Puts a comment on an event stream whenever its server has been silent for `quietMs`, so that nothing on the way gives the stream up.
 * Comments come between events only, and never where the bytes are not plain text of unknown length.
 */
export function keepAlive(stream: IncomingMessage, res: ServerResponse, quietMs: number): void {
  if (stream.headers['content-encoding'] !== undefined || stream.headers['content-length'] !== undefined) return
  let tail = '\n\n'
  const timer = setTimeout(() => {
    if (endOfEvent.test(tail) && !res.writableNeedDrain) res.write(': keep-alive\n\n')
    timer.refresh()
  }, quietMs)
  const stop = () => clearTimeout(timer)
  stream.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - lastBytes))).slice(-lastBytes)
    timer.refresh()
  })
  stream.once('end', stop)
  res.once('close', stop)
}
