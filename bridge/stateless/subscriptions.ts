import { type ClientMessage, isRecord } from '../stdio/parse-body.ts'
import type { Reply } from '../stdio/reply.ts'
import type { Answer } from './conversation.ts'
import { joinParts, parseMember, readMember, rewriteObject } from './json-object.ts'
import { metaKey } from './revision.ts'

type Subscription = { id: string; reply: Reply; methods: readonly string[]; uris: readonly string[] }

export type Subscriptions = {
  readonly size: number
  /** Answers a `subscriptions/listen` until its client leaves, for which the result is to be called. */
  listen(message: ClientMessage, reply: Reply, capabilities: Record<string, unknown>): () => void
  /** A notification of the server that belongs to no request. */
  receive(method: string, line: Buffer): void
  /** Keeps quiet streams alive; whether there are any. */
  beat(now: number, quietMs: number): boolean
  /** Ends every subscription with an answer. */
  end(answer: (id: string) => Buffer): void
}

type Options = { ask: (method: string, params: object) => Promise<Answer>; maxUris: number }

const listFilters = { toolsListChanged: 'tools', promptsListChanged: 'prompts', resourcesListChanged: 'resources' } as const

/** The subscriptions of one caller to a server of the 2025 revisions, which tells all it has to tell to everybody. */
export function createSubscriptions({ ask, maxUris }: Options): Subscriptions {
  const open = new Set<Subscription>()
  const readers = new Map<string, number>()

  const subscribe = async (uri: string): Promise<string[]> => {
    const others = readers.get(uri) ?? 0
    readers.set(uri, others + 1)
    const { error } = others > 0 ? {} : await ask('resources/subscribe', { uri })
    if (error) release(uri, false)
    return error ? [] : [uri]
  }
  const release = (uri: string, tell = true) => {
    const left = (readers.get(uri) ?? 1) - 1
    if (left > 0) return readers.set(uri, left)
    readers.delete(uri)
    if (tell) void ask('resources/unsubscribe', { uri })
  }
  return {
    get size() {
      return open.size
    },
    listen: ({ id, params }, reply, capabilities) => {
      const filter = isRecord(params.notifications) ? params.notifications : {}
      const lists = Object.entries(listFilters).filter(([name, list]) => filter[name] === true && can(capabilities, list, 'listChanged'))
      const asked =
        can(capabilities, 'resources', 'subscribe') && Array.isArray(filter.resourceSubscriptions) ? filter.resourceSubscriptions : []
      const wanted = [...new Set(asked.filter((uri) => typeof uri === 'string'))].slice(0, maxUris)
      let leave = () => {}
      let left = false
      void Promise.all(wanted.map(subscribe)).then((taken) => {
        const uris = taken.flat()
        const subscription = { id, reply, methods: lists.map(([, list]) => `notifications/${list}/list_changed`), uris }
        leave = () => {
          open.delete(subscription)
          for (const uri of uris) release(uri)
        }
        if (left) return leave()
        const agreed = {
          ...Object.fromEntries(lists.map(([name]) => [name, true])),
          ...(uris.length > 0 && { resourceSubscriptions: uris }),
        }
        reply.carry(notification('notifications/subscriptions/acknowledged', Buffer.from(JSON.stringify({ notifications: agreed })), id))
        open.add(subscription)
      })
      return () => {
        left = true
        leave()
      }
    },
    receive: (method, line) => {
      const params = readMember(line, 'params') ?? Buffer.from('{}')
      const uri = method === 'notifications/resources/updated' ? parseMember(params, 'uri') : undefined
      for (const { id, reply, methods, uris } of open) {
        if (methods.includes(method) || (typeof uri === 'string' && uris.includes(uri))) reply.carry(notification(method, params, id))
      }
    },
    beat: (now, quietMs) => {
      for (const { reply } of open) reply.beat(now, quietMs)
      return open.size > 0
    },
    end: (answer) => {
      for (const { id, reply } of open) reply.answer(answer(id))
    },
  }
}

/** The answer to `subscriptions/listen` that ends it in good order. */
export function completed(id: string): Buffer {
  return Buffer.from(`{"result":{"resultType":"complete","_meta":{"${metaKey.subscriptionId}":${id}}}}`)
}

function notification(method: string, params: Buffer, id: string): Buffer {
  const tagged = rewriteObject(params, { _meta: [`{"${metaKey.subscriptionId}":${id}}`] })
  return joinParts([`{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":`, ...tagged, '}'])
}

function can(capabilities: Record<string, unknown>, list: string, what: string): boolean {
  const capability = capabilities[list]
  return isRecord(capability) && capability[what] === true
}
