import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Limits } from '../limits.ts'
import { errorCode, errorMessage, refuse } from '../refuse.ts'
import type { Call } from '../service.ts'
import type { SessionRouter } from '../session-router.ts'
import { type ClientMessage, isRecord } from '../stdio/parse-body.ts'
import { refuseFull, refuseStart } from '../stdio/refuse-load.ts'
import type { Session } from '../stdio/session.ts'
import type { Sessions } from '../stdio/sessions.ts'
import { type Caller, createCallers, type Unavailable } from './callers.ts'
import { checkRequest, type Refusal } from './check-request.ts'
import { askableOf, type Client } from './client.ts'
import { translated } from './dialect.ts'
import { checkArguments } from './mirrored-arguments.ts'
import { metaKey, statelessCode } from './revision.ts'
import type { Running } from './running.ts'
import { createStatelessReply, type StatelessReply } from './stateless-reply.ts'

export type Accept = { json: boolean; stream: boolean }

export type StatelessHttp = {
  /** Of the server that serves a caller. */
  sessionOf(sub: string): Session | undefined
  /** The session that a request went to; undefined where it was refused. */
  handle(call: Call, message: ClientMessage, accept: Accept): Promise<Session | undefined>
}

type Options = { sessions: Sessions; router: SessionRouter; limits: Limits }

const longestId = 1024

/** The Streamable HTTP transport of the stateless revision: each POST stands for itself, and whoever leaves cancels. */
export function createStatelessHttp({ sessions, router, limits }: Options): StatelessHttp {
  const callers = createCallers({ sessions, newState: router.newId, limits })
  return {
    sessionOf: callers.sessionOf,
    handle: async (call, message, accept) => {
      const { req, res } = call
      if (message.kind === 'notification') return void res.writeHead(202).end()
      const refusal = refusalOf(req.headers, message, accept)
      if (refusal) return refuseWith(res, refusal, message.id)
      if (passOnRetry(call, message, router)) return undefined
      const caller = await callers.find(call, clientOf(metaOf(message)))
      if ('reason' in caller) return refuseUnavailable(res, caller, message.id)
      const { session } = caller.conversation
      if (session.pendingCount + caller.subscriptions.size >= limits.maxPending) return refuseFull(res, message.id)
      const mirrored = message.method === 'tools/call' ? await checkMirrored(caller, message, req.headers) : undefined
      if (mirrored) return refuseWith(res, mirrored, message.id)
      serve(call, message, accept, caller)
      return session
    },
  }
}

const unknownState = { status: 400, code: statelessCode.invalidParams, reason: 'requestState is of no call that waits here.' }

/** A call that another task began waits there for its client's answers. */
function passOnRetry(call: Call, { id, params, line }: ClientMessage, router: SessionRouter): boolean {
  const { requestState } = params
  if (typeof requestState !== 'string') return false
  return router.passOnRead(call, requestState, line.subarray(0, -1), () => refuseWith(call.res, unknownState, id))
}

function refusalOf(headers: IncomingHttpHeaders, message: ClientMessage, accept: Accept): Refusal | undefined {
  const invalid = (reason: string) => ({ status: 400, code: errorCode.invalidRequest, reason })
  if (message.kind === 'response') return invalid('Clients send no responses.')
  if (message.id.length > longestId || (message.progressToken ?? '').length > longestId) {
    return invalid(`Ids and progress tokens have at most ${longestId} characters.`)
  }
  if (message.method === 'subscriptions/listen' && !accept.stream) {
    return { status: 406, code: errorCode.refused, reason: 'Accept must admit text/event-stream.' }
  }
  return checkRequest(headers, message)
}

function refuseWith(res: ServerResponse, { status, code, reason, data }: Refusal, id: string): undefined {
  refuse(res, status, code, reason, { id: id || undefined, data })
  return undefined
}

/** Headers that seem wrong may be right by a list of tools that is newer than the one known. */
async function checkMirrored({ tools }: Caller, { params }: ClientMessage, headers: IncomingHttpHeaders): Promise<Refusal | undefined> {
  const check = async () => checkArguments(await tools.mirrored(String(params.name)), params.arguments, headers)
  if (!(await check())) return undefined
  tools.forget()
  return check()
}

function serve({ req, res }: Call, message: ClientMessage, accept: Accept, caller: Caller): void {
  const { conversation, dialect, subscriptions } = caller
  const { method, id, params } = message
  if (res.destroyed) return
  const translate = (line: Buffer) => dialect.answer(line, method, id)
  const reply = createStatelessReply({ res, accept, translate, onWrite: conversation.session.onWrite })
  const own = ownAnswer(caller, method)
  const isRetry = dialect === translated && params.requestState !== undefined
  if (own !== undefined) reply.answer(Buffer.from(own))
  else if (dialect === translated && method === 'subscriptions/listen') {
    res.once('close', subscriptions.listen(message, reply, caller.capabilities))
  } else {
    const asked = runningOf(message, req.rawHeaders, reply)
    const running = isRetry ? resume(caller, asked, message) : run(caller, asked, message)
    if (running) res.once('close', () => conversation.cancel(running, reply))
    else reply.answer(Buffer.from(errorMessage(unknownState.code, unknownState.reason)))
  }
}

function run({ conversation, dialect, wantLogs }: Caller, running: Running, message: ClientMessage): Running {
  const ownId = conversation.nextId()
  wantLogs(running.logLevel)
  conversation.run(ownId, dialect.request(message, ownId), running)
  return running
}

/** The call that goes on with the answers of a retry; undefined where there is none. */
function resume({ conversation }: Caller, retry: Running, { params }: ClientMessage): Running | undefined {
  const running = conversation.findHeld(String(params.requestState), retry)
  if (running) conversation.resume(running, retry, params.inputResponses)
  return running
}

function runningOf(message: ClientMessage, headers: readonly string[], reply: StatelessReply): Running {
  const { id, method, params, progressToken } = message
  const { [metaKey.logLevel]: logLevel, [metaKey.clientCapabilities]: declared } = metaOf(message)
  const capabilities = isRecord(declared) ? declared : {}
  return { id, method, name: params.name ?? params.uri, headers, progressToken, logLevel, capabilities, reply, questions: new Map() }
}

// What kept a server from working is the answer to the call; common clients throw away the body of a 5xx.
function refuseUnavailable(res: ServerResponse, unavailable: Unavailable, id: string): undefined {
  if ('retryAfterSeconds' in unavailable) refuseStart(res, unavailable, id)
  else refuse(res, 200, errorCode.internal, unavailable.reason, { id })
  return undefined
}

/** What needs no word of the server. */
function ownAnswer({ conversation, dialect, discovery }: Caller, method: string): string | undefined {
  if (conversation.session.state === 'ended') return errorMessage(errorCode.internal, 'The server ended.')
  if (dialect.knows(method)) return undefined
  if (discovery !== undefined && method === 'server/discover') return `{"result":${discovery}}`
  return errorMessage(statelessCode.methodNotFound, 'Method not found')
}

function clientOf(meta: Record<string, unknown>): Client {
  const { [metaKey.clientInfo]: info = { name: 'unknown', version: '0' }, [metaKey.clientCapabilities]: declared } = meta
  return { info, capabilities: askableOf(declared) }
}

function metaOf({ params }: ClientMessage): Record<string, unknown> {
  return isRecord(params._meta) ? params._meta : {}
}
