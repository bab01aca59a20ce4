import type { IncomingMessage } from 'node:http'

/** The whole body; `too large` as soon as that is known (the rest is discarded), `aborted` when the client went away. */
export function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer | 'too large' | 'aborted'> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve('too large')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) return chunks.push(chunk)
      chunks.length = 0
      resolve('too large')
    })
    req.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    req.on('close', () => resolve('aborted'))
    req.on('error', () => resolve('aborted'))
  })
}
