import type { Limits } from '../limits.ts'
import type { Call } from '../service.ts'
import type { Session } from '../stdio/session.ts'
import type { Sessions } from '../stdio/sessions.ts'
import type { Refusal } from '../stdio/start-backoff.ts'
import type { Client } from './client.ts'
import { type Conversation, openConversation } from './conversation.ts'
import { type Era, type Greeted, greet, requestMeta } from './greet.ts'
import { createKnownTools, type KnownTools } from './known-tools.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'

/** A server that runs for one caller's stateless calls. */
export type Caller = Greeted & { conversation: Conversation; subscriptions: Subscriptions; tools: KnownTools }

/** Why there is none: it was refused for now, or it did not begin to work. */
export type Unavailable = Refusal | { reason: string }

type Options = { sessions: Sessions; newState: (sub: string) => string; limits: Limits }

type Entry = {
  key: string
  sub: string
  headers: readonly string[]
  client: Client
  /** Clients that wait for the server to begin. */
  waiting: number
  starting?: Promise<Caller | Unavailable>
  conversation?: Conversation
  caller?: Caller
}

export type Callers = {
  /** The caller's server, started where there is none. */
  find(call: Call, client: Client): Promise<Caller | Unavailable>
  /** Of the server that served the caller last. */
  sessionOf(sub: string): Session | undefined
}

/**
 * One server a caller, started by its first call, never shared with another caller, and ended like any idle session.
 * A server of the 2025 revisions is told once what its client can be asked for, so a caller with other clients has others of them.
 */
export function createCallers({ sessions, newState, limits }: Options): Callers {
  const entries = new Map<string, Entry>()
  const latest = new Map<string, Entry>()
  const era: Era = {}

  const forget = (entry: Entry) => {
    if (entries.get(entry.key) === entry) entries.delete(entry.key)
    if (latest.get(entry.sub) === entry) latest.delete(entry.sub)
  }
  const open = (entry: Entry) => {
    const { sub, headers, client } = entry
    const ask: Conversation['ask'] = (method, params) => (conversation as Conversation).ask(method, params)
    const subscriptions = createSubscriptions({ ask, maxUris: limits.maxPending })
    const tools = createKnownTools((cursor) => ask('tools/list', { cursor, _meta: requestMeta(client) }))
    const onNotification = (method: string, line: Buffer) => {
      if (method === 'notifications/tools/list_changed') tools.forget()
      subscriptions.receive(method, line)
    }
    const onEnd = () => entry.caller && forget(entry)
    const conversation = openConversation({
      sessions,
      sub,
      headers,
      subscriptions,
      onNotification,
      onEnd,
      newState: () => newState(sub),
      holdSeconds: limits.idleSeconds,
    })
    return { conversation, subscriptions, tools }
  }
  const start = async (entry: Entry): Promise<Caller | Unavailable> => {
    const knew = era.known
    const { conversation, ...parts } = open(entry)
    if ('reason' in conversation) return conversation
    entry.conversation = conversation
    const greeted = await greet({ conversation, era, client: entry.client, probeSeconds: limits.probeSeconds })
    if (typeof greeted !== 'string') return { ...greeted, ...parts, conversation }
    if (knew !== undefined || era.known !== undefined || entry.waiting === 0) return { reason: greeted }
    // Some servers of the 2025 revisions end when something comes before initialize.
    era.known = 'sessions'
    const again = await start(entry)
    if ('reason' in again) era.known = undefined
    return again
  }
  const begin = (entry: Entry): Promise<Caller | Unavailable> => {
    entries.set(entry.key, entry)
    entry.starting = start(entry).then((caller) => {
      if ('conversation' in caller) entry.caller = caller
      else forget(entry)
      return caller
    })
    return entry.starting
  }
  const leave = (entry: Entry) => {
    if (--entry.waiting === 0 && !entry.caller) entry.conversation?.session.end('Every client left before the server began to work.')
  }
  return {
    sessionOf: (sub) => latest.get(sub)?.conversation?.session,
    find: ({ req, res, sub }, client) => {
      const key = JSON.stringify([sub, era.known === 'stateless' ? {} : client.capabilities])
      const known = entries.get(key)
      const usable = known && !(known.caller && known.conversation?.session.state === 'ended')
      const entry: Entry = usable ? known : { key, sub, headers: req.rawHeaders, client, waiting: 0 }
      latest.set(sub, entry)
      entry.waiting++
      res.once('close', () => leave(entry))
      return entry.starting ?? begin(entry)
    },
  }
}
