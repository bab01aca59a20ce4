import type { IncomingMessage } from 'node:http'
import type { LargePayloads, Room } from './large-payloads.ts'

/** A body, and the room it takes where it is large. */
export type Body = { bytes: Buffer; room: Room | undefined }

/**
 * The whole body; `too large` as soon as that is known (the rest is discarded), `aborted` when the client went away,
 * `too slow` when its room was wanted. A large one stays with the client until there is room.
 */
export function readBody(
  req: IncomingMessage,
  maxBytes: number,
  payloads: LargePayloads,
): Promise<Body | 'too large' | 'aborted' | 'too slow'> {
  const length = Number(req.headers['content-length'] ?? 0)
  if (length > maxBytes) return Promise.resolve('too large')
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0)
    let size = 0
    let asked = false
    let room: Room | undefined
    let over = false
    const giveUp = (reason: 'too large' | 'aborted' | 'too slow') => {
      if (over) return
      over = true
      bytes = Buffer.alloc(0)
      room?.leave()
      resolve(reason)
    }
    const askForRoom = async () => {
      asked = true
      req.pause()
      room = await payloads.enter(length || maxBytes)
      room.shed = () => giveUp('too slow')
      if (over) room.leave()
      req.resume()
    }
    req.on('data', (chunk: Buffer) => {
      if (over) return
      bytes = append(bytes, size, chunk, length)
      size += chunk.length
      if (size > maxBytes) giveUp('too large')
      else if (size > payloads.fromBytes && !asked) void askForRoom()
    })
    req.on('end', () => {
      if (over) return
      over = true
      resolve({ bytes: bytes.subarray(0, size), room })
    })
    req.on('close', () => giveUp('aborted'))
    req.on('error', () => giveUp('aborted'))
  })
}

// Copied into one buffer that doubles: a list of chunks would cost many times the body where they are small.
function append(bytes: Buffer, size: number, chunk: Buffer, length: number): Buffer {
  if (size === 0) return chunk
  const needed = size + chunk.length
  if (needed <= bytes.length) {
    chunk.copy(bytes, size)
    return bytes
  }
  const larger = Buffer.allocUnsafe(Math.max(length, 2 * needed))
  bytes.copy(larger, 0, 0, size)
  chunk.copy(larger, size)
  return larger
}
