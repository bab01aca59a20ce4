import type { ServerResponse } from 'node:http'

type Source = { pause(): void; resume(): void }

const highWaterBytes = 64 * 1024

/**
 * Holds a source while a response that took from it has not been read; one reader that takes nothing at all loses its connection,
 * so that it cannot hold the others for ever.
 */
export function createPressure(source: Source, stallSeconds: number): { onWrite: (res: ServerResponse) => void } {
  const waiting = new Set<ServerResponse>()
  return {
    onWrite: (res) => {
      if (res.writableLength < highWaterBytes || waiting.has(res) || res.destroyed) return
      waiting.add(res)
      source.pause()
      const timer = setTimeout(() => res.destroy(), stallSeconds * 1000)
      const release = () => {
        clearTimeout(timer)
        res.off('drain', release).off('finish', release).off('close', release)
        if (waiting.delete(res) && waiting.size === 0) source.resume()
      }
      res.on('drain', release).on('finish', release).on('close', release)
    },
  }
}
