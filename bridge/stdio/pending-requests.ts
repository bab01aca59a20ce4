import type { ClientMessage } from './parse-body.ts'
import { idKey } from './read-envelope.ts'
import type { Reply } from './reply.ts'

type Pending = { id: string; method: string; progressToken: string | undefined; reply: Reply }

export type PendingRequests = {
  readonly size: number
  /** Of their ids and progress tokens. */
  readonly bytes: number
  has(id: string): boolean
  add(message: ClientMessage, reply: Reply): void
  /** The request that an answer with this id is for; it waits no more. */
  take(id: string): Pending | undefined
  takeAll(): Pending[]
  /** The way to the client for a message that is no answer; undefined where the GET stream is the better one. */
  wayFor(method: string | undefined, line: Buffer, standaloneAttached: boolean): Reply | undefined
  /** Closes a cancelled request that is not answered after all. */
  cancel(key: string): void
  /** Keeps connections alive; whether a client still waits on one. */
  beat(now: number, quietMs: number): boolean
}

const size = (id: string, progressToken = ''): number => id.length + progressToken.length

// The time of an answer that is under way when its request is cancelled.
const cancelGraceMs = 1000

/** The requests of one session that wait for an answer of its child. */
export function createPendingRequests(onQuiet: () => void): PendingRequests {
  const pending = new Map<string, Pending>()
  let bytes = 0
  const remove = (key: string): Pending | undefined => {
    const request = pending.get(key)
    if (request) bytes -= size(request.id, request.progressToken)
    pending.delete(key)
    return request
  }
  return {
    get size() {
      return pending.size
    },
    has: (id) => pending.has(idKey(id)),
    get bytes() {
      return bytes
    },
    add: ({ id, method, progressToken }, reply) => {
      const key = idKey(id)
      remove(key)
      pending.set(key, { id, method, progressToken, reply })
      bytes += size(id, progressToken)
    },
    take: (id) => remove(idKey(id)),
    takeAll: () => [...pending.keys()].flatMap((key) => remove(key) ?? []),
    // stdio does not say which request a message belongs to: a progress token does, and so does the only request that waits.
    wayFor: (method, line, standaloneAttached) => {
      const able = [...pending.values()].filter((request) => request.reply.canCarry)
      const token = method === 'notifications/progress' ? readProgressToken(line) : undefined
      const owner = token === undefined ? undefined : able.find((request) => request.progressToken === token)
      if (owner) return owner.reply
      return able.length === 1 || !standaloneAttached ? able.at(-1)?.reply : undefined
    },
    // A server does not answer what was cancelled, and nobody else would end its POST.
    cancel: (key) => {
      const request = pending.get(key)
      if (!request || request.method === 'initialize') return
      const close = () => {
        if (pending.get(key) !== request) return
        remove(key)
        request.reply.forgo()
        if (pending.size === 0) onQuiet()
      }
      setTimeout(close, cancelGraceMs).unref()
    },
    beat: (now, quietMs) => {
      let connected = false
      for (const { reply } of pending.values()) {
        reply.beat(now, quietMs)
        connected ||= reply.connected
      }
      return connected
    },
  }
}

function readProgressToken(line: Buffer): string | undefined {
  try {
    return JSON.stringify(JSON.parse(line.toString())?.params?.progressToken)
  } catch {
    return undefined
  }
}
