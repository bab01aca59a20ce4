import type { Limits } from './limits.ts'

/** The room of one large payload. */
export type Room = {
  /** Gives up the payload. Called where it has been here for long and others wait. */
  shed: () => void
  leave(): void
}

/** Bounds the bytes of all large payloads together; what is small is bounded by the number of connections and sessions. */
export type LargePayloads = {
  /** Payloads above this need room. */
  readonly fromBytes: number
  /** Room for a payload that is to come, at once or in turn. */
  enter(bytes: number): Room | Promise<Room>
  /** Room for one that is here already. */
  hold(bytes: number, shed: () => void): Room
}

export function createLargePayloads({ largeBytes, inFlightBytes, patienceSeconds }: Limits): LargePayloads {
  const rooms = new Map<Room, { bytes: number; since: number }>()
  const waiting: { bytes: number; enter: (room: Room) => void }[] = []
  let held = 0
  let impatience: NodeJS.Timeout | undefined

  const hold = (bytes: number, shed: () => void): Room => {
    const room = { shed, leave: () => leave(room) }
    rooms.set(room, { bytes, since: Date.now() })
    held += bytes
    return room
  }
  const leave = (room: Room) => {
    held -= rooms.get(room)?.bytes ?? 0
    rooms.delete(room)
    for (let next = waiting[0]; next && fits(next.bytes); next = waiting[0]) {
      waiting.shift()
      next.enter(hold(next.bytes, () => {}))
    }
    if (waiting.length > 0) return
    clearInterval(impatience)
    impatience = undefined
  }
  const fits = (bytes: number) => held === 0 || held + bytes <= inFlightBytes
  const shedLargest = () => {
    const stale = [...rooms].filter(([, { since }]) => Date.now() - since >= patienceSeconds * 1000)
    const [largest] = stale.sort(([, a], [, b]) => b.bytes - a.bytes)
    largest?.[0].shed()
  }

  return {
    fromBytes: largeBytes,
    hold,
    enter: (bytes) => {
      if (waiting.length === 0 && fits(bytes)) return hold(bytes, () => {})
      impatience ??= setInterval(shedLargest, patienceSeconds * 1000).unref()
      return new Promise((enter) => waiting.push({ bytes, enter }))
    },
  }
}
