import type { ServerResponse } from 'node:http'
import type { LargePayloads } from '../large-payloads.ts'
import type { Limits } from '../limits.ts'
import { createRareLog, type Log } from '../log.ts'
import { errorCode, errorMessage } from '../refuse.ts'
import type { ClientMessage } from './parse-body.ts'
import type { PeerEnd, StartPeer } from './peer.ts'
import { createPendingRequests } from './pending-requests.ts'
import { createPressure } from './pressure.ts'
import { readEnvelope } from './read-envelope.ts'
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
  end(reason: string): void
  kill(): void
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
    const way = pending.wayFor(envelope.method, line, streams.standalone.attached)
    if (way) way.carry(line)
    else streams.standalone.send(line)
  }
  const settle = (id: string, line: Buffer) => {
    const request = pending.take(id)
    if (!request) return noteStray()
    if (request.method === 'initialize') open(line)
    request.reply.answer(line)
    if (pending.size === 0) options.onQuiet()
  }
  const open = (line: Buffer) => {
    protocolVersion = readProtocolVersion(line)
    if (protocolVersion === undefined) return end('The server refused to initialize.')
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
      if (pending.beat(now, quietMs) || streams.standalone.attached) lastUse = now
      return now - lastUse
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

function readProtocolVersion(line: Buffer): string | undefined {
  try {
    const version: unknown = JSON.parse(line.toString())?.result?.protocolVersion
    return typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}
