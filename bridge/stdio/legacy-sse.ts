import { readBody } from '../read-body.ts'
import { errorCode, refuse } from '../refuse.ts'
import type { Call } from '../service.ts'
import { parseBody } from './parse-body.ts'
import { refuseStart } from './refuse-start.ts'
import type { Reply } from './reply.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

type Options = {
  sessions: Sessions
  maxMessageBytes: number
  /** The path in front of `/messages` as clients know it; absent: as the request had it. */
  publicPath: string | undefined
}

/** The HTTP+SSE transport of 2024-11-05: every message of the peer goes to the one stream, whose end ends the session. */
export function createLegacySse(options: Options): { stream: (call: Call) => void; message: (call: Call) => Promise<void> } {
  const { sessions } = options
  return {
    stream: ({ req, res, sub, target }) => {
      const session = sessions.open(sub, req.rawHeaders)
      if ('reason' in session) return refuseStart(res, session)
      res.once('close', () => session.end('The client closed its stream.'))
      session.streams.standalone.attach(res)
      const base = options.publicPath ?? target.prefix
      session.streams.standalone.sendEvent('endpoint', `${base}/messages?sessionId=${session.id}`)
    },
    message: async ({ req, res, sub, target }) => {
      const session = sessions.find(new URLSearchParams(target.search).get('sessionId') ?? '', sub)
      if (!session) return refuse(res, 404, errorCode.sessionNotFound, 'Session not found')
      await session.writable()
      const body = await readBody(req, options.maxMessageBytes)
      if (body === 'aborted') return
      if (body === 'too large') return refuse(res, 413, errorCode.invalidRequest, `The body is above ${options.maxMessageBytes} bytes.`)
      const parsed = parseBody(body)
      if ('code' in parsed) return refuse(res, 400, parsed.code, parsed.reason, { id: parsed.id })
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
