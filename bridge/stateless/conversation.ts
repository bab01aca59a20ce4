import { errorCode, errorMessage } from '../refuse.ts'
import { type ClientMessage, isRecord, parseBody } from '../stdio/parse-body.ts'
import type { Envelope } from '../stdio/read-envelope.ts'
import type { Reply } from '../stdio/reply.ts'
import type { Session } from '../stdio/session.ts'
import type { Sessions } from '../stdio/sessions.ts'
import type { Refusal } from '../stdio/start-backoff.ts'
import { logRank } from './check-request.ts'
import { retagged } from './dialect.ts'
import { joinParts, parseJson, parseMember, readMember, rewriteObject } from './json-object.ts'
import { createQuestions, type Questions } from './questions.ts'
import { metaKey, statelessCode } from './revision.ts'
import type { Running } from './running.ts'
import type { StatelessReply } from './stateless-reply.ts'
import { completed, type Subscriptions } from './subscriptions.ts'

export type Answer = { result?: Record<string, unknown>; error?: { message?: string } }

/** What is said between the bridge and one server; ids are the bridge's own, so that those of clients never meet. */
export type Conversation = {
  readonly session: Session
  nextId(): string
  /** The server's answer to a request of the bridge. */
  ask(method: string, params: object): Promise<Answer>
  tell(method: string, params: object): void
  /** Sends a client's request as the line says it, under the id of `nextId` that the line has. */
  run(id: string, line: Buffer, running: Running): void
  /** The call that goes on with a retry; undefined where there is none. */
  findHeld: Questions['find']
  resume: Questions['resume']
  /** A request whose client left without its answer. */
  cancel(running: Running, reply: StatelessReply): void
}

type Options = {
  sessions: Sessions
  sub: string
  headers: readonly string[]
  subscriptions: Subscriptions
  /** Told of what belongs to no request. */
  onNotification: (method: string, line: Buffer) => void
  onEnd: () => void
  /** A name for a call that waits for its client to call again, */
  newState: () => string
  /** and how long it waits. */
  holdSeconds: number
}

const empty = Buffer.alloc(0)
const listen = 'subscriptions/listen'

/** Starts a server and speaks with it, or tells why none can be started now. */
export function openConversation({
  sessions,
  sub,
  headers,
  subscriptions,
  onNotification,
  onEnd,
  newState,
  holdSeconds,
}: Options): Conversation | Refusal {
  const runnings = new Map<string, Running>()
  let count = 0

  const receive = (line: Buffer, { id, method = '' }: Envelope) => {
    if (id !== undefined) return questions.put(runnings.values(), id, method, line) || refuseRequest(id)
    if (method === 'notifications/progress') return carryProgress(line)
    if (method === 'notifications/message') return carryLog(line)
    if (carryTagged(method, line)) return
    onNotification(method, line)
  }
  // A server of the stateless revision says which subscription a notification is for.
  const carryTagged = (method: string, line: Buffer): boolean => {
    const params = readMember(line, 'params') ?? empty
    const tag = readMember(readMember(params, '_meta') ?? empty, metaKey.subscriptionId)?.toString() ?? ''
    const running = runnings.get(tag)
    if (!running) return false
    const own = retagged(params, running.id)
    running.reply?.carry(joinParts([`{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":`, ...own, '}']))
    return true
  }
  const drain = () => {
    subscriptions.end(completed)
    for (const running of runnings.values()) {
      const { method, reply, id } = running
      if (method !== listen || !reply) continue
      cancel(running, reply)
      reply.answer(completed(id))
    }
  }
  const finish = () => {
    subscriptions.end(() => Buffer.from(errorMessage(errorCode.internal, 'The server ended.')))
    onEnd()
  }
  const cancel = (running: Running, reply: StatelessReply | undefined) => {
    const id = [...runnings].find(([, other]) => other === running)?.[0]
    if (id === undefined || running.reply !== reply) return
    runnings.delete(id)
    const params = { requestId: Number(id), reason: 'The client left.' }
    send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }))
  }
  const refuseRequest = (id: string) => {
    const error = { code: statelessCode.methodNotFound, message: 'No client can be asked for this now.' }
    send(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`)
  }
  const questions = createQuestions({
    tell: (id, result) => send(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`),
    onDrop: (running) => cancel(running, running.reply),
    newState,
    holdSeconds,
  })
  const carryProgress = (line: Buffer) => {
    const params = readMember(line, 'params') ?? empty
    const running = runnings.get(readMember(params, 'progressToken')?.toString() ?? '')
    if (!running?.progressToken) return
    const own = rewriteObject(params, { progressToken: [running.progressToken] })
    running.reply?.carry(joinParts(['{"jsonrpc":"2.0","method":"notifications/progress","params":', ...own, '}']))
  }
  // A log message names no request: it is passed on only where it can belong to no other.
  const carryLog = (line: Buffer) => {
    const [running, other] = [...runnings.values()].filter(({ method }) => method !== listen)
    if (!running || other || running.logLevel === undefined) return
    const level = parseMember(readMember(line, 'params') ?? empty, 'level')
    if (logRank(level) >= logRank(running.logLevel)) running.reply?.carry(line)
  }

  const session = sessions.open(sub, headers, { receive, beat: subscriptions.beat, drain, finish })
  if ('reason' in session) return session

  const send = (text: string, reply?: Reply) => {
    const parsed = parseBody(Buffer.from(text))
    if ('messages' in parsed) for (const message of parsed.messages) session.deliver(message, headers, reply)
  }
  const nextId = () => String(++count)
  return {
    session,
    nextId,
    ask: (method, params) =>
      new Promise((resolve) => {
        const answer = (line: Buffer) => resolve(toAnswer(parseJson(line.toString())))
        const reply: Reply = { canCarry: false, connected: false, answer, carry: () => {}, forgo: () => {}, beat: () => {} }
        send(JSON.stringify({ jsonrpc: '2.0', id: Number(nextId()), method, params }), reply)
      }),
    tell: (method, params) => send(JSON.stringify({ jsonrpc: '2.0', method, params })),
    run: (id, line, running) => {
      runnings.set(id, running)
      const { method, headers } = running
      const message: ClientMessage = { line, kind: 'request', method, id, params: {}, progressToken: id, cancels: undefined }
      session.deliver(
        message,
        headers,
        replyOf(running, () => runnings.delete(id)),
      )
    },
    findHeld: questions.find,
    resume: questions.resume,
    cancel,
  }
}

/** The way back of a call, which changes with each retry. */
function replyOf(running: Running, onAnswer: () => void): Reply {
  return {
    get canCarry() {
      return running.reply?.canCarry ?? false
    },
    get connected() {
      return running.reply?.connected ?? false
    },
    answer: (line) => {
      onAnswer()
      if (running.reply) running.reply.answer(line)
      else running.answer = line
    },
    carry: (message) => running.reply?.carry(message),
    forgo: () => {},
    beat: (now, quietMs) => running.reply?.beat(now, quietMs),
  }
}

function toAnswer(value: unknown): Answer {
  const { result, error } = isRecord(value) ? value : {}
  if (isRecord(result)) return { result }
  return { error: isRecord(error) ? { message: String(error.message) } : {} }
}
