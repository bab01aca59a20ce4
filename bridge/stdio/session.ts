import type { ServerResponse } from 'node:http'
import type { LargePayloads } from '../large-payloads.ts'
import type { Limits } from '../limits.ts'
import { createRareLog, type Log } from '../log.ts'
import { errorCode, errorMessage } from '../refuse.ts'
import type { ClientMessage } from './parse-body.ts'
import type { PeerEnd, StartPeer } from './peer.ts'
import { createPendingRequests } from './pending-requests.ts'
import { createPressure } from './pressure.ts'
import { type Envelope, readEnvelope } from './read-envelope.ts'
import type { ReplayBuffer } from './replay-buffer.ts'
import type { Reply } from './reply.ts'
import { createSessionStreams, type SessionStreams } from './session-streams.ts'

/** One caller's conversation with a peer of its own. */
export type Session = {
  readonly id: string
  /** The only caller it answers. */
  readonly sub: string
  readonly state: 'starting' | 'open' | 'ended'
  /** What the peer answered to initialize. */
  readonly protocolVersion: string | undefined
  readonly pendingCount: number
  readonly pendingBytes: number
  /** Requests that wait until the peer reads again. */
  readonly backlog: number
  readonly streams: SessionStreams
  isPending(id: string): boolean
  /** Resolves once the peer reads again; undefined where it does. */
  writable(): Promise<void> | undefined
  /** Passes a message on with the headers it came with; a request's answer comes back through `reply`. */
  deliver(message: ClientMessage, headers: readonly string[], reply?: Reply): void
  /** Told of each write to the client, so that a slow one slows down its peer. */
  onWrite(res: ServerResponse): void
  /** Called now and then: keeps connections alive, and tells for how many milliseconds nobody was there. */
  beat(now: number, quietMs: number): number
  /** Ends as soon as nothing waits any more. */
  drain(reason: string): void
  end(reason: string): void
  kill(): void
}

/** Takes what a peer says unasked, where that is not to go to the streams of the session. */
export type Outlet = {
  receive(line: Buffer, envelope: Envelope): void
  /** Keeps connections alive that wait for no answer; whether there are any. */
  beat(now: number, quietMs: number): boolean
  /** Ends what only listens. */
  drain(): void
  /** The session is over. */
  finish(): void
}

type Options = {
  id: string
  sub: string
  start: StartPeer
  /** Of the request that begins the session. */
  headers: readonly string[]
  replay: ReplayBuffer
  payloads: LargePayloads
  limits: Limits
  log: Log
  outlet: Outlet | undefined
  onOpen: () => void
  /** The peer ended by itself, or took too long to begin; `openSeconds` tells how long it had worked, undefined where it never did. */
  onFailure: (reason: string, openSeconds: number | undefined) => void
  /** Nothing waits any more. */
  onQuiet: () => void
  /** Nobody can use it any more; its peer may still be ending. */
  onEnd: () => void
  /** The peer is gone. */
  onExit: () => void
}

/** Starts a peer and speaks for it; the peer's messages pass through byte for byte. */
export function createSession(options: Options): Session {
  const { id, sub, limits } = options
  const log: Log = (level, msg, fields) => options.log(level, msg, { session: id.slice(0, 8), ...fields })
  const noteNoise = createRareLog(log, 'the server wrote something that is no message')
  const noteStray = createRareLog(log, 'the server answered a request that does not wait')
  const pending = createPendingRequests(options.onQuiet)
  let state: Session['state'] = 'starting'
  let protocolVersion: string | undefined
  let backlog = 0
  const began = Date.now()
  let openedAt: number | undefined
  let lastUse = Date.now()

  const peer = options.start(
    {
      onLine: (line, cut) => (cut ? end(`The server sent a message above ${limits.maxMessageBytes} bytes.`) : receive(line)),
      onStderr: (line) => log('info', line, { stream: 'stderr' }),
      onEnd: (peerEnd) => {
        const reason = describeEnd(peerEnd, state)
        end(reason, true)
        options.onExit()
      },
    },
    options.headers,
  )
  const { onWrite } = createPressure({ source: peer, payloads: options.payloads, stallSeconds: limits.stallSeconds })
  const streams = createSessionStreams(options.replay, onWrite)
  log('info', 'session started', { pid: peer.pid })

  const receive = (line: Buffer) => {
    if (state === 'ended' || line.length === 0) return
    const envelope = readEnvelope(line)
    if (!envelope) return noteNoise({ bytes: line.length })
    if (envelope.method === undefined && envelope.id !== undefined) return settle(envelope.id, line)
    if (options.outlet) return options.outlet.receive(line, envelope)
    const way = pending.wayFor(envelope.method, line, streams.standalone.attached)
    if (way) way.carry(line)
    else streams.standalone.send(line)
  }
  const settle = (id: string, line: Buffer) => {
    const request = pending.take(id)
    if (!request) return noteStray()
    if (state === 'starting') begin(request.method, line)
    request.reply.answer(line)
    if (pending.size === 0) options.onQuiet()
  }
  // A server that needs no handshake shows that it works by its answer to server/discover.
  const begin = (method: string, line: Buffer) => {
    const result = readResult(line)
    if (method === 'initialize') {
      protocolVersion = result?.protocolVersion
      if (protocolVersion === undefined) return end('The server refused to initialize.')
    } else if (method !== 'server/discover' || !result) return
    state = 'open'
    openedAt = Date.now()
    options.onOpen()
  }
  const end = (reason: string, byPeer = false) => {
    if (state === 'ended') return
    const secondsSince = (time: number) => (Date.now() - time) / 1000
    const tooSlow = state === 'starting' && secondsSince(began) > limits.startSeconds
    if (byPeer || tooSlow) options.onFailure(reason, openedAt && secondsSince(openedAt))
    state = 'ended'
    for (const { id, reply } of pending.takeAll()) reply.answer(Buffer.from(errorMessage(errorCode.internal, reason, id)))
    streams.standalone.finish()
    options.replay.clear()
    options.outlet?.finish()
    peer.stop()
    log('info', 'session ended', { reason: reason.split('\n')[0] })
    options.onEnd()
  }

  return {
    id,
    sub,
    get state() {
      return state
    },
    get protocolVersion() {
      return protocolVersion
    },
    get pendingCount() {
      return pending.size
    },
    streams,
    isPending: pending.has,
    get pendingBytes() {
      return pending.bytes
    },
    get backlog() {
      return backlog
    },
    writable: () => {
      const drained = peer.drained()
      if (!drained) return undefined
      backlog++
      return drained.finally(() => backlog--)
    },
    deliver: (message, headers, reply) => {
      lastUse = Date.now()
      if (message.kind === 'request' && reply) pending.add(message, reply)
      peer.write(message, headers)
      if (message.cancels !== undefined) pending.cancel(message.cancels)
    },
    onWrite,
    beat: (now, quietMs) => {
      streams.standalone.beat(now, quietMs)
      const listens = options.outlet?.beat(now, quietMs) ?? streams.standalone.attached
      if (pending.beat(now, quietMs) || listens) lastUse = now
      return now - lastUse
    },
    drain: (reason) => {
      options.outlet?.drain()
      if (pending.size === 0) end(reason)
    },
    end: (reason) => end(reason),
    kill: peer.kill,
  }
}

function describeEnd({ cause, lastLines }: PeerEnd, state: Session['state']): string {
  const when = state === 'starting' ? ' before it answered initialize' : ''
  if (!lastLines) return `The server ended${when}: ${cause}.`
  const output = lastLines.length > 0 ? `Its last lines:\n${lastLines.join('\n')}` : 'It wrote nothing to stderr.'
  return `The server ended${when}: ${cause}. ${output}`
}

function readResult(line: Buffer): { protocolVersion?: string } | undefined {
  try {
    const result: unknown = JSON.parse(line.toString())?.result
    if (typeof result !== 'object' || result === null) return undefined
    const version = 'protocolVersion' in result ? result.protocolVersion : undefined
    return typeof version === 'string' ? { protocolVersion: version } : {}
  } catch {
    return undefined
  }
}
