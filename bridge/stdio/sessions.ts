import type { LargePayloads } from '../large-payloads.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { StartPeer } from './peer.ts'
import { createReplayBuffers } from './replay-buffer.ts'
import { createSession, type Outlet, type Session } from './session.ts'
import { createStartBackoff, type Refusal } from './start-backoff.ts'
import { whoGivesWay } from './who-gives-way.ts'

/** Starts in a row that failed before the bridge calls itself unhealthy. */
const crashLoop = 3

export type Sessions = {
  /** A new session for the request with these headers, or why there is none now. */
  open(sub: string, headers: readonly string[], outlet?: Outlet): Session | Refusal
  /** Only the caller who opened a session finds it. */
  find(id: string, sub: string): Session | undefined
  unhealthy(): string | undefined
  drain(): void
  stop(): Promise<void>
  kill(): void
}

type Options = { start: StartPeer; newId: (sub: string) => string; payloads: LargePayloads; limits: Limits; log: Log }

export function createSessions({ start, newId, payloads, limits, log }: Options): Sessions {
  const sessions = new Map<string, Session>()
  // Peers that are ending still take memory.
  const alive = new Set<Session>()
  const whenEmpty: (() => void)[] = []
  const openReplay = createReplayBuffers(limits)
  const backoff = createStartBackoff(limits)
  let draining = false
  let failures = 0
  let lastFailure = ''

  const quietMs = limits.keepAliveSeconds * 1000
  const beats = setInterval(() => {
    const now = Date.now()
    for (const session of sessions.values()) {
      if (session.beat(now, quietMs * 0.75) > limits.idleSeconds * 1000) session.end('The session was idle for too long.')
    }
  }, quietMs / 4).unref()

  const create = (sub: string, headers: readonly string[], outlet: Outlet | undefined): Session => {
    let lasts: NodeJS.Timeout | undefined
    const session = createSession({
      id: newId(sub),
      sub,
      start,
      headers,
      replay: openReplay(),
      payloads,
      limits,
      log,
      outlet,
      onOpen: () => {
        failures = 0
        backoff.opened()
        lasts = setTimeout(backoff.lasted, limits.settleSeconds * 1000).unref()
      },
      onFailure: (reason, openSeconds) => {
        clearTimeout(lasts)
        if (openSeconds === undefined) noteFailure(reason)
        if ((openSeconds ?? 0) < limits.settleSeconds) backoff.failed(sub, { reason, opened: openSeconds !== undefined }, Date.now())
      },
      onQuiet: () => draining && session.end('The server is shutting down.'),
      onEnd: () => sessions.delete(session.id),
      onExit: () => {
        alive.delete(session)
        if (alive.size === 0) for (const resolve of whenEmpty.splice(0)) resolve()
      },
    })
    return session
  }

  const noteFailure = (reason: string) => {
    failures++
    lastFailure = reason
  }

  const tryCreate = (sub: string, headers: readonly string[], outlet: Outlet | undefined): Session | undefined => {
    try {
      return create(sub, headers, outlet)
    } catch (error) {
      noteFailure(error instanceof Error ? error.message : String(error))
      log('error', 'no session can be started', { reason: lastFailure })
      return undefined
    }
  }

  /** Many clients leave without a word, so one may have to make room. Its peer may outlive it by the grace of a stop, a few at a time. */
  const makeRoom = (sub: string): boolean => {
    if (alive.size - sessions.size >= Math.ceil(limits.maxSessions / 8)) return false
    const session = whoGivesWay(sessions.values(), sub, limits.abandonedSeconds * 1000)
    session?.end('The session was idle and its place was wanted.')
    return session !== undefined
  }

  return {
    open: (sub, headers, outlet) => {
      if (draining) return { reason: 'The server is shutting down.', retryAfterSeconds: 5 }
      const refusal = backoff.refusal(sub, Date.now())
      if (refusal) return refusal
      const session = alive.size < limits.maxSessions || makeRoom(sub) ? tryCreate(sub, headers, outlet) : undefined
      if (!session) return { reason: 'No more sessions fit here now.', retryAfterSeconds: 5 }
      sessions.set(session.id, session)
      alive.add(session)
      return session
    },
    find: (id, sub) => {
      const session = sessions.get(id)
      return session?.sub === sub ? session : undefined
    },
    unhealthy: () => {
      const works = failures < crashLoop || [...sessions.values()].some((session) => session.state === 'open')
      return works ? undefined : `The last ${failures} starts failed. ${lastFailure}`
    },
    drain: () => {
      draining = true
      for (const session of sessions.values()) session.drain('The server is shutting down.')
    },
    stop: () => {
      clearInterval(beats)
      for (const session of sessions.values()) session.end('The server is shutting down.')
      return alive.size === 0 ? Promise.resolve() : new Promise((resolve) => whenEmpty.push(resolve))
    },
    kill: () => {
      for (const session of alive) session.kill()
    },
  }
}
