import type { ServerResponse } from 'node:http'
import type { LargePayloads, Room } from '../large-payloads.ts'

type Source = { pause(): void; resume(): void }
type Options = { source: Source; payloads: LargePayloads; stallSeconds: number }

const highWaterBytes = 64 * 1024

/**
 * Holds a source while a response that took from it has not been read; one reader that takes nothing at all loses its connection,
 * so that it cannot hold the others for ever.
 */
export function createPressure({ source, payloads, stallSeconds }: Options): { onWrite: (res: ServerResponse) => void } {
  const waiting = new Map<ServerResponse, Room | undefined>()
  return {
    onWrite: (res) => {
      if (res.writableLength < highWaterBytes || waiting.has(res) || res.destroyed) return
      const large = res.writableLength > payloads.fromBytes
      waiting.set(res, large ? payloads.hold(res.writableLength, () => res.destroy()) : undefined)
      if (waiting.size === 1) source.pause()
      // Node destroys the connection unless the kernel takes bytes meanwhile, so a slow reader is no stalled one.
      res.setTimeout(stallSeconds * 1000)
      const release = () => {
        res.off('drain', release).off('finish', release).off('close', release)
        if (!waiting.has(res)) return
        if (!res.writableFinished) res.setTimeout(0)
        waiting.get(res)?.leave()
        waiting.delete(res)
        if (waiting.size === 0) source.resume()
      }
      res.on('drain', release).on('finish', release).on('close', release)
    },
  }
}
