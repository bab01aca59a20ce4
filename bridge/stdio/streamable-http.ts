import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { LargePayloads } from '../large-payloads.ts'
import type { Limits } from '../limits.ts'
import { readBody } from '../read-body.ts'
import { errorCode, refuse } from '../refuse.ts'
import type { Call } from '../service.ts'
import type { SessionRouter } from '../session-router.ts'
import type { Accept, StatelessHttp } from '../stateless/create-stateless-http.ts'
import { metaKey, statelessRevision } from '../stateless/revision.ts'
import { keepRoom } from './keep-room.ts'
import { type ClientMessage, isRecord, parseBody } from './parse-body.ts'
import { idKey } from './read-envelope.ts'
import { refuseBody, refuseFull, refuseStart } from './refuse-load.ts'
import { createReply } from './reply.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

const revisions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']
const primedSince = '2025-11-25'
const lastWithBatches = '2025-03-26'

type Options = { sessions: Sessions; router: SessionRouter; payloads: LargePayloads; limits: Limits; stateless: StatelessHttp }

/** The Streamable HTTP transport of the 2025 revisions, in front of one peer a session. */
export function createStreamableHttp(options: Options): (call: Call) => Promise<void> | void {
  return (call) => {
    if (call.req.method === 'POST') return post(call, options)
    if (asksStateless(call.req)) return refuse(call.res, 405, errorCode.refused, 'Expected POST.', { headers: { allow: 'POST' } })
    if (call.req.method === 'GET') return get(call, options)
    if (call.req.method === 'DELETE') return findSession(call, options)?.end(call)
    refuse(call.res, 405, errorCode.refused, 'Expected POST, GET or DELETE.', { headers: { allow: 'GET, POST, DELETE' } })
  }
}

async function post(call: Call, options: Options): Promise<void> {
  const { req, res } = call
  const { payloads, limits, stateless } = options
  const accept = readAccept(req)
  if (!accept.json && !accept.stream)
    return refuse(res, 406, errorCode.refused, 'Accept must admit application/json and text/event-stream.')
  if (!/^application\/json\b/i.test(req.headers['content-type'] ?? ''))
    return refuse(res, 415, errorCode.refused, 'Content-Type must be application/json.')
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity')
    return refuse(res, 415, errorCode.refused, 'Content-Encoding must be identity.', { headers: { 'accept-encoding': 'identity' } })
  const hasSession = header(req, 'mcp-session-id') !== undefined && !asksStateless(req)
  const known = hasSession ? findSession(call, options) : undefined
  if (hasSession && !known) return
  // A peer that reads no more gets no more: the body stays with the client until it does.
  const busy = known?.session ?? (asksStateless(req) ? stateless.sessionOf(call.sub) : undefined)
  if (busy && busy.backlog >= limits.maxPending) return refuseFull(res)
  await busy?.writable()
  const body = await readBody(req, limits.maxMessageBytes, payloads)
  if (typeof body === 'string') return refuseBody(res, body, limits)
  // A server that is yet to start may take long to read it.
  if (body.room) body.room.shed = () => res.destroy()
  keepRoom(body.room, await answer(call, options, { body: body.bytes, accept, hasSession, known: known?.session }))
}

type Post = { body: Buffer; accept: Accept; hasSession: boolean; known: Session | undefined }
type Taken = Session | undefined

/** The session that the messages of a body went to; undefined where the request was refused. */
function answer(call: Call, options: Options, { body, accept, hasSession, known }: Post): Taken | Promise<Taken> {
  const { req, res } = call
  const { sessions, limits, stateless } = options
  const parsed = parseBody(body)
  if ('code' in parsed) return refuseWith(res, 400, parsed.code, parsed.reason, parsed.id)
  const { messages, batch } = parsed
  const [first] = messages
  if (!hasSession && first && isStateless(req, first)) {
    if (batch) return refuseWith(res, 400, errorCode.invalidRequest, `Batches ended with revision ${lastWithBatches}.`)
    return stateless.handle(call, first, accept)
  }
  if (first && messages.some((message) => message.method === 'initialize' && message.kind === 'request')) {
    if (known || batch) return refuseWith(res, 400, errorCode.invalidRequest, 'initialize comes alone and begins a session.', first.id)
    return initialize(call, first, accept, sessions)
  }
  if (!known) return void findSession(call, options)
  if (known.state === 'ended') return refuseSession(res, 'Session not found')
  if (batch && (known.protocolVersion ?? '') > lastWithBatches) {
    return refuseWith(res, 400, errorCode.invalidRequest, `Batches ended with revision ${lastWithBatches}.`)
  }
  return deliver(call, known, messages, { accept, batch, limits })
}

/** A revision that has sessions is not asked for; one that nobody knows is none where there is a session. */
function asksStateless(req: IncomingMessage): boolean {
  const version = header(req, 'mcp-protocol-version')
  if (version === undefined || revisions.includes(version)) return false
  return version === statelessRevision || header(req, 'mcp-session-id') === undefined
}

function isStateless(req: IncomingMessage, { method, params }: ClientMessage): boolean {
  const says = isRecord(params._meta) && Object.hasOwn(params._meta, metaKey.protocolVersion)
  return says || (asksStateless(req) && method !== 'initialize')
}

function initialize({ req, res, sub }: Call, message: ClientMessage, accept: Accept, sessions: Sessions): Session | undefined {
  const session = sessions.open(sub, req.rawHeaders)
  if ('reason' in session) {
    refuseStart(res, session, message.id)
    return undefined
  }
  res.once('close', () => {
    if (session.state === 'starting') session.end('The client left before the server answered initialize.')
  })
  const headers = (): OutgoingHttpHeaders => (session.state === 'ended' ? {} : { 'mcp-session-id': session.id })
  session.deliver(message, req.rawHeaders, replyTo(res, session, { requests: 1, accept, batch: false, headers }))
  return session
}

type DeliverOptions = { accept: Accept; batch: boolean; limits: Limits }

function deliver({ req, res }: Call, session: Session, messages: ClientMessage[], options: DeliverOptions): Session | undefined {
  const ids = messages.filter((message) => message.kind === 'request').map((message) => message.id)
  const taken = ids.find((id, index) => session.isPending(id) || ids.findIndex((other) => idKey(other) === idKey(id)) !== index)
  if (taken) return refuseWith(res, 400, errorCode.invalidRequest, 'A request with this id still waits for its answer.', taken)
  const { maxPending, maxPendingBytes } = options.limits
  if (session.pendingCount + ids.length > maxPending || session.pendingBytes > maxPendingBytes) return refuseFull(res, ids[0])
  const reply = ids.length > 0 ? replyTo(res, session, { requests: ids.length, ...options, headers: () => ({}) }) : undefined
  for (const message of messages) session.deliver(message, req.rawHeaders, reply)
  if (!reply) res.writeHead(202).end()
  return session
}

function replyTo(
  res: ServerResponse,
  session: Session,
  options: { requests: number; accept: Accept; batch: boolean; headers: () => OutgoingHttpHeaders },
) {
  return createReply({
    res,
    requests: options.requests,
    accept: options.accept,
    batch: options.batch,
    headers: options.headers,
    prime: isPrimed(session),
    openStream: session.streams.open,
    onStreamEnd: session.streams.close,
    onWrite: session.onWrite,
  })
}

/** Clients of earlier revisions take an event without a message for a broken one. */
const isPrimed = (session: Session): boolean => (session.protocolVersion ?? '') >= primedSince

function get(call: Call, options: Options) {
  const { req, res } = call
  if (!readAccept(req).stream) return refuse(res, 406, errorCode.refused, 'Accept must admit text/event-stream.')
  const session = findSession(call, options)?.session
  if (!session) return
  const lastEventId = header(req, 'last-event-id')
  if (lastEventId === undefined) session.streams.standalone.attach(res)
  else if (!session.streams.resume(res, lastEventId, isPrimed(session)))
    refuse(res, 400, errorCode.refused, 'Last-Event-ID is none that was given out.')
}

/** The caller's session, or undefined once the request was refused or passed on to another task. */
function findSession(call: Call, { sessions, router }: Options): { session: Session; end: (call: Call) => void } | undefined {
  const { req, res, sub } = call
  const id = header(req, 'mcp-session-id')
  if (id === undefined) return refuseWith(res, 400, errorCode.refused, 'Mcp-Session-Id is missing: begin with initialize.')
  const session = sessions.find(id, sub)
  if (!session) return router.passOn(call, id) ? undefined : refuseSession(res, 'Session not found')
  const version = header(req, 'mcp-protocol-version')
  if (version !== undefined && !revisions.includes(version) && version !== session.protocolVersion) {
    const supported = `MCP-Protocol-Version is not supported here: expected one of ${revisions.join(', ')}.`
    return refuseWith(res, 400, errorCode.refused, supported)
  }
  const end = (call: Call) => {
    session.end('The client ended the session.')
    call.res.writeHead(204).end()
  }
  return { session, end }
}

function refuseSession(res: ServerResponse, message: string): undefined {
  return refuseWith(res, 404, errorCode.sessionNotFound, message)
}

function refuseWith(res: ServerResponse, status: number, code: number, message: string, id?: string): undefined {
  refuse(res, status, code, message, { id })
  return undefined
}

// Anything at all admits JSON only: that is what a plain client can read.
function readAccept(req: IncomingMessage): Accept {
  const accept = req.headers.accept ?? '*/*'
  return { json: /application\/(json|\*)|\*\/\*/i.test(accept), stream: /text\/(event-stream|\*)/i.test(accept) }
}

function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}
