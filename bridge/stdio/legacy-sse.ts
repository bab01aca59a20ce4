import type { LargePayloads } from '../large-payloads.ts'
import type { Limits } from '../limits.ts'
import { readBody } from '../read-body.ts'
import { errorCode, refuse } from '../refuse.ts'
import type { Call } from '../service.ts'
import type { SessionRouter } from '../session-router.ts'
import { keepRoom } from './keep-room.ts'
import { parseBody } from './parse-body.ts'
import { refuseBody, refuseFull, refuseStart } from './refuse-load.ts'
import type { Reply } from './reply.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

type Options = {
  sessions: Sessions
  router: SessionRouter
  payloads: LargePayloads
  limits: Limits
  /** The path in front of `/messages` as clients know it; absent: as the request had it. */
  publicPath: string | undefined
}

/** The HTTP+SSE transport of 2024-11-05: every message of the peer goes to the one stream, whose end ends the session. */
export function createLegacySse(options: Options): { stream: (call: Call) => void; message: (call: Call) => Promise<void> } {
  const { sessions, router, payloads, limits } = options
  return {
    stream: ({ req, res, sub, target }) => {
      const session = sessions.open(sub, req.rawHeaders)
      if ('reason' in session) return refuseStart(res, session)
      res.once('close', () => session.end('The client closed its stream.'))
      session.streams.standalone.attach(res)
      const base = options.publicPath ?? target.prefix
      session.streams.standalone.sendEvent('endpoint', `${base}/messages?sessionId=${session.id}`)
    },
    message: async (call) => {
      const { req, res, sub, target } = call
      const id = new URLSearchParams(target.search).get('sessionId') ?? ''
      const session = sessions.find(id, sub)
      if (!session && router.passOn(call, id)) return
      if (!session) return refuse(res, 404, errorCode.sessionNotFound, 'Session not found')
      if (session.backlog >= limits.maxPending) return refuseFull(res)
      await session.writable()
      const body = await readBody(req, limits.maxMessageBytes, payloads)
      if (typeof body === 'string') return refuseBody(res, body, limits)
      const parsed = parseBody(body.bytes)
      keepRoom(body.room, session)
      if ('code' in parsed) return refuse(res, 400, parsed.code, parsed.reason, { id: parsed.id })
      if (session.pendingCount > limits.maxPending || session.pendingBytes > limits.maxPendingBytes) return refuseFull(res)
      for (const message of parsed.messages) session.deliver(message, req.rawHeaders, replyThrough(session))
      res.writeHead(202).end()
    },
  }
}

function replyThrough({ streams: { standalone } }: Session): Reply {
  return {
    canCarry: true,
    get connected() {
      return standalone.attached
    },
    answer: standalone.send,
    carry: standalone.send,
    forgo: () => {},
    beat: () => {},
  }
}
