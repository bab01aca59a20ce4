import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Sealing } from './config.ts'
import { createForward, forwardedHeader } from './forward.ts'
import type { Log } from './log.ts'
import { errorCode, refuse } from './refuse.ts'
import { createSeal, drawBoot, type Place, type Seal } from './seal.ts'
import type { Call } from './service.ts'

/** Which task has which session. */
export type SessionRouter = {
  /** An id for a new session of this caller, or for one that the server itself calls `own`. */
  newId(sub: string, own?: string): string
  /** What the server itself calls a session that is here. */
  ownId(id: string, sub: string): string | undefined
  /** Passes on a call for a session that is not here; false where no other task can have it. */
  passOn(call: Call, id: string): boolean
  /** The same for a call whose body has been read; `onLost` answers where that task is gone. */
  passOnRead(call: Call, id: string, body: Buffer, onLost: () => void): boolean
  /** Ends what only listens, so that its clients come back through another task. */
  drain(): void
}

const rememberedIds = 1000

type Options = { sealing: Sealing; port: () => number; log: Log }

/** Without a key ids are random, and a session is known to its own task only. */
export const ownSessionsOnly: SessionRouter = {
  newId: (_, own) => own ?? randomBytes(24).toString('base64url'),
  ownId: (id) => id,
  passOn: () => false,
  passOnRead: () => false,
  drain: () => {},
}

/** With one, each id says where its session is, so that any task leads a call there. */
export function createSessionRouter({ sealing, port, log }: Options): SessionRouter {
  const seal = createSeal(sealing.secret)
  const open = remembering(seal)
  const host = sealing.address
  const boot = drawBoot()
  const forward = createForward(log)
  const listening = new Set<ServerResponse>()
  const elsewhere = ({ req, sub }: Call, id: string): Place | undefined => {
    const place = req.headers[forwardedHeader] === undefined ? open(id, sub) : undefined
    return place?.host === host && place.port === port() ? undefined : place
  }
  return {
    newId: (sub, own = '') => seal.close({ host, port: port(), boot, own }, sub),
    ownId: (id, sub) => {
      const place = open(id, sub)
      return place?.host === host && place.port === port() && place.boot === boot ? place.own : undefined
    },
    passOn: (call, id) => {
      const { req, res } = call
      const place = elsewhere(call, id)
      if (!place) return false
      forward(call, place, () => refuse(res, 404, errorCode.sessionNotFound, 'Session not found'))
      if (req.method === 'GET') {
        listening.add(res)
        res.once('close', () => listening.delete(res))
      }
      return true
    },
    passOnRead: (call, id, body, onLost) => {
      const place = elsewhere(call, id)
      if (place) forward(call, place, onLost, body)
      return place !== undefined
    },
    drain: () => {
      for (const res of listening) res.destroy()
    },
  }
}

/** Opens each genuine id once. */
function remembering(seal: Seal): Seal['open'] {
  const opened = new Map<string, Place>()
  return (id, sub) => {
    const key = `${sub.length} ${sub}${id}`
    const known = opened.get(key)
    if (known) return known
    const place = seal.open(id, sub)
    if (!place) return undefined
    const [oldest] = opened.size < rememberedIds ? [] : opened.keys()
    if (oldest !== undefined) opened.delete(oldest)
    opened.set(key, place)
    return place
  }
}
