import type { Readable } from 'node:stream'
import type { LargePayloads, Room } from '../large-payloads.ts'

type Options = {
  stream: Readable
  /** Takes a chunk; tells how many bytes of an unfinished message it holds. */
  split: (chunk: Buffer) => number
  maxMessageBytes: number
  payloads: LargePayloads
  /** The message that comes in is given up. */
  onShed: () => void
}

export type Intake = { pause(): void; resume(): void }

// As much as one read brings. More in one turn of the event loop would keep everybody else waiting.
const fullChunkBytes = 64 * 1024

/** Reads a peer's messages at the pace of whoever is behind in turn: its readers, the room for large messages, the other sessions. */
export function createIntake({ stream, split, maxMessageBytes, payloads, onShed }: Options): Intake {
  let holds = 0
  let room: Room | undefined
  let waits = false
  const pause = () => {
    if (holds++ === 0) stream.pause()
  }
  const resume = () => {
    if (--holds === 0) stream.resume()
  }
  const leave = () => {
    room?.leave()
    room = undefined
  }
  const askForRoom = async () => {
    waits = true
    pause()
    room = await payloads.enter(maxMessageBytes)
    room.shed = onShed
    waits = false
    if (stream.destroyed) leave()
    resume()
  }

  stream.on('data', (chunk: Buffer) => {
    if (split(chunk) < payloads.fromBytes) leave()
    else if (!room && !waits) void askForRoom()
    if (chunk.length < fullChunkBytes) return
    pause()
    setImmediate(resume)
  })
  stream.once('close', leave)
  return { pause, resume }
}
