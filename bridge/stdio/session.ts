import type { ServerResponse } from 'node:http'
import type { StdioServer } from '../config.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import { errorCode, errorMessage } from '../refuse.ts'
import { createEventStream, type EventStream } from './event-stream.ts'
import type { ClientMessage } from './parse-body.ts'
import { createPressure } from './pressure.ts'
import { idKey, readEnvelope } from './read-envelope.ts'
import { createReplayBuffer, type ReplayBuffer } from './replay-buffer.ts'
import type { Reply } from './reply.ts'
import { type ChildEnd, startChild } from './start-child.ts'

type Pending = { id: string; method: string; progressToken: string | undefined; reply: Reply }

/** One caller's conversation with a child of its own. */
export type Session = {
  readonly id: string
  /** The only caller it answers. */
  readonly sub: string
  readonly state: 'starting' | 'open' | 'ended'
  /** What the child answered to initialize. */
  readonly protocolVersion: string | undefined
  readonly pendingCount: number
  /** Server messages that belong to no request. */
  readonly standalone: EventStream
  readonly replay: ReplayBuffer
  /** Streams of requests that still wait, by number. */
  readonly streams: ReadonlyMap<number, EventStream>
  openStream(): EventStream
  closeStream(stream: EventStream): void
  isPending(id: string): boolean
  /** Resolves once the child reads again; undefined where it does. */
  writable(): Promise<void> | undefined
  deliver(message: ClientMessage, reply?: Reply): void
  onWrite(res: ServerResponse): void
  /** Called now and then: keeps connections alive and tells how long nobody was there. */
  beat(now: number, quietMs: number): number
  end(reason: string): void
  kill(): void
}

type Options = {
  id: string
  sub: string
  server: StdioServer
  limits: Limits
  log: Log
  onOpen: () => void
  onStartFailure: (reason: string) => void
  /** Nothing waits any more. */
  onQuiet: () => void
  /** Nobody can use it any more; its child may still be ending. */
  onEnd: () => void
  /** The child is gone. */
  onExit: () => void
}

/** Starts a child and speaks for it; the child's messages pass through byte for byte. */
export function createSession(options: Options): Session {
  const { limits } = options
  const fields = { session: options.id.slice(0, 8) }
  const replay = createReplayBuffer(limits.replayEvents, limits.replayBytes)
  const pending = new Map<string, Pending>()
  const streams = new Map<number, EventStream>()
  let streamCount = 0
  let state: Session['state'] = 'starting'
  let protocolVersion: string | undefined
  let lastUse = Date.now()

  const child = startChild({
    server: options.server,
    maxLineBytes: limits.maxMessageBytes,
    graceSeconds: limits.graceSeconds,
    onLine: (line, cut) => (cut ? end(`The server sent a message above ${limits.maxMessageBytes} bytes.`) : receive(line)),
    onStderr: (line) => options.log('info', line, { ...fields, stream: 'stderr' }),
    onEnd: (childEnd) => {
      const reason = describeEnd(childEnd, state)
      if (state === 'starting') options.onStartFailure(reason)
      end(reason)
      options.onExit()
    },
  })
  const pressure = createPressure(child, limits.stallSeconds)
  const newStream = () => createEventStream({ number: streamCount++, replay, onWrite: pressure.onWrite })
  const standalone = newStream()
  options.log('info', 'session started', { ...fields, pid: child.pid })

  function receive(line: Buffer) {
    if (state === 'ended' || line.length === 0) return
    const envelope = readEnvelope(line)
    if (!envelope) return options.log('warn', 'the server wrote something that is no message', { ...fields, bytes: line.length })
    if (envelope.method === undefined && envelope.id !== undefined) return settle(idKey(envelope.id), line)
    const way = wayFor(envelope.method, line)
    if (way) way.carry(line)
    else standalone.send(line)
  }

  function settle(key: string, line: Buffer) {
    const request = pending.get(key)
    if (!request) return options.log('warn', 'the server answered a request that does not wait', fields)
    pending.delete(key)
    const failed = request.method === 'initialize' && !open(line)
    if (failed) end('The server refused to initialize.')
    request.reply.answer(line)
    if (pending.size === 0) options.onQuiet()
  }

  function open(line: Buffer): boolean {
    protocolVersion = readProtocolVersion(line)
    if (protocolVersion === undefined) return false
    state = 'open'
    options.onOpen()
    return true
  }

  /** stdio does not say which request a message belongs to: a progress token does, and so does the only request that waits. */
  function wayFor(method: string | undefined, line: Buffer): Reply | undefined {
    const able = [...pending.values()].filter((request) => request.reply.canCarry)
    if (method === 'notifications/progress') {
      const token = readProgressToken(line)
      const owner = able.find((request) => request.progressToken === token)
      if (owner) return owner.reply
    }
    return able.length === 1 || !standalone.attached ? able.at(-1)?.reply : undefined
  }

  function cancel(key: string): void {
    // A server does not answer what was cancelled, so its POST is closed here, after the time of an answer that is under way.
    setTimeout(() => {
      const request = pending.get(key)
      if (!request || request.method === 'initialize') return
      pending.delete(key)
      request.reply.forgo()
      if (pending.size === 0) options.onQuiet()
    }, 1000).unref()
  }

  function end(reason: string): void {
    if (state === 'ended') return
    state = 'ended'
    for (const request of pending.values()) request.reply.answer(Buffer.from(errorMessage(errorCode.internal, reason, request.id)))
    pending.clear()
    standalone.finish()
    child.stop()
    options.log('info', 'session ended', { ...fields, reason: reason.split('\n')[0] })
    options.onEnd()
  }

  return {
    id: options.id,
    sub: options.sub,
    get state() {
      return state
    },
    get protocolVersion() {
      return protocolVersion
    },
    get pendingCount() {
      return pending.size
    },
    standalone,
    replay,
    streams,
    openStream: () => {
      const stream = newStream()
      streams.set(stream.number, stream)
      return stream
    },
    closeStream: (stream) => streams.delete(stream.number),
    isPending: (id) => pending.has(idKey(id)),
    writable: child.drained,
    deliver: (message, reply) => {
      lastUse = Date.now()
      if (message.kind === 'request' && reply) {
        const { id, method, progressToken } = message
        pending.set(idKey(id), { id, method, progressToken, reply })
      }
      child.write(message.line)
      if (message.cancels !== undefined) cancel(message.cancels)
    },
    onWrite: pressure.onWrite,
    beat: (now, quietMs) => {
      for (const request of pending.values()) request.reply.beat(now, quietMs)
      standalone.beat(now, quietMs)
      if (standalone.attached || [...pending.values()].some((request) => request.reply.connected)) lastUse = now
      return now - lastUse
    },
    end,
    kill: child.kill,
  }
}

function describeEnd({ cause, lastLines }: ChildEnd, state: Session['state']): string {
  const when = state === 'starting' ? ' before it answered initialize' : ''
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

function readProgressToken(line: Buffer): string | undefined {
  try {
    return JSON.stringify(JSON.parse(line.toString())?.params?.progressToken)
  } catch {
    return undefined
  }
}
