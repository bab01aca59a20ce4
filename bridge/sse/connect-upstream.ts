import { setMaxListeners } from 'node:events'
import { type Agent, request } from 'node:http'
import type { UpstreamServer } from '../config.ts'
import type { LargePayloads } from '../large-payloads.ts'
import { errorCode, errorMessage } from '../refuse.ts'
import { callerHeaders } from '../relay/relay-headers.ts'
import { createIntake, type Intake } from '../stdio/intake.ts'
import type { ClientMessage } from '../stdio/parse-body.ts'
import type { Peer, PeerListener } from '../stdio/peer.ts'
import { createEventParser } from './parse-events.ts'

type Options = PeerListener & {
  server: UpstreamServer
  agent: Agent
  /** Of the request that began the session. */
  headers: readonly string[]
  maxMessageBytes: number
  payloads: LargePayloads
  /** How long the server may take to name its message endpoint. */
  endpointSeconds: number
  /** The server's own path of a target that it announced. */
  ownPath: (target: string) => string
}

/** POSTs of one session under way before its clients have to wait; fewer where their bodies are large. */
const mostPosts = 100

/** One session with a server that speaks HTTP+SSE: its messages come on the stream, ours are POSTed to the endpoint it names there. */
export function connectUpstream(options: Options): Peer {
  const { server, agent } = options
  const posts = new Set<Promise<void>>()
  let postedBytes = 0
  let announce: (path: string) => void = () => {}
  const endpoint = new Promise<string>((resolve) => {
    announce = resolve
  })
  let intake: Intake | undefined
  // Whatever comes after a notification waits until the server has taken it, as it would on a stdin.
  let taken: Promise<unknown> = Promise.resolve()
  let ended = false
  const over = new AbortController()
  setMaxListeners(0, over.signal)

  const finish = (cause: string) => {
    if (ended) return
    ended = true
    clearTimeout(overdue)
    opening.destroy()
    over.abort()
    // Messages that still wait for it go nowhere.
    announce('')
    options.onEnd({ cause })
  }
  const overdue = setTimeout(() => finish('it named no message endpoint on its event stream'), options.endpointSeconds * 1000)
  const parse = createEventParser(options.maxMessageBytes, {
    onEvent: (name, data) => {
      if (name === 'message') return options.onLine(data, false)
      if (name !== 'endpoint') return
      clearTimeout(overdue)
      announce(options.ownPath(targetOf(data.toString(), server)))
    },
    onTooLarge: () => options.onLine(Buffer.alloc(0), true),
  })

  const headers = [...callerHeaders(options.headers, server.port), 'Accept', 'text/event-stream', 'Cache-Control', 'no-cache']
  const opening = request({ host: '127.0.0.1', port: server.port, path: server.mcpPath, headers, agent: false })
  opening.on('error', (error: NodeJS.ErrnoException) => finish(describe(error, server)))
  opening.on('response', (response) => {
    const isStream = response.headers['content-type']?.startsWith('text/event-stream')
    if (response.statusCode !== 200 || !isStream) return finish(`it answers ${response.statusCode} on ${server.mcpPath}, no event stream`)
    const onShed = () => finish('it took too long over a large message')
    intake = createIntake({ stream: response, split: parse, maxMessageBytes: options.maxMessageBytes, payloads: options.payloads, onShed })
    response.on('error', () => {})
    response.once('close', () => finish('it closed its event stream'))
  })
  opening.end()

  const deliver = async (message: ClientMessage, from: readonly string[], before: Promise<unknown>): Promise<void> => {
    await before
    const path = await endpoint
    if (ended) return
    const problem = await post({ server, agent, path, from, body: message.line.subarray(0, -1), signal: over.signal })
    if (problem === undefined || ended || message.kind !== 'request') return
    options.onLine(Buffer.from(errorMessage(errorCode.internal, problem, message.id)), false)
  }

  const isFull = () => posts.size >= mostPosts || postedBytes > options.payloads.fromBytes
  const untilTaken = async () => {
    while (isFull()) await Promise.race(posts)
  }

  return {
    write: (message, from) => {
      const { length } = message.line
      const posted = deliver(message, from, taken).finally(() => {
        posts.delete(posted)
        postedBytes -= length
      })
      posts.add(posted)
      postedBytes += length
      if (message.kind !== 'request') taken = posted
    },
    drained: () => (isFull() ? untilTaken() : undefined),
    pause: () => intake?.pause(),
    resume: () => intake?.resume(),
    stop: () => finish('the session is over'),
    kill: () => finish('the session is over'),
  }
}

/** Path and query of what a server announced; its host is ours to know, whatever it says. */
function targetOf(endpoint: string, { port, mcpPath }: UpstreamServer): string {
  const base = `http://127.0.0.1:${port}${mcpPath}`
  if (!URL.canParse(endpoint, base)) return mcpPath
  const { pathname, search } = new URL(endpoint, base)
  return pathname + search
}

type Post = { server: UpstreamServer; agent: Agent; path: string; from: readonly string[]; body: Buffer; signal: AbortSignal }

/** What went wrong; undefined where the server took the message. */
function post({ server, agent, path, from, body, signal }: Post): Promise<string | undefined> {
  return new Promise((resolve) => {
    const headers = [...callerHeaders(from, server.port), 'Content-Type', 'application/json', 'Content-Length', String(body.length)]
    const message = request({ host: '127.0.0.1', port: server.port, method: 'POST', path, headers, agent, signal })
    message.on('response', (response) => {
      response.resume()
      const status = response.statusCode ?? 0
      resolve(status < 300 ? undefined : `The server refused the message: it answers ${status} on its message endpoint.`)
    })
    message.on('error', (error) => resolve(`The server did not take the message: ${describe(error, server)}.`))
    message.end(body)
  })
}

function describe(error: NodeJS.ErrnoException, { port }: UpstreamServer): string {
  return error.code === 'ECONNREFUSED' ? `it does not listen on port ${port}` : error.message
}
