import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Run, RunEvent } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'

export interface Answer<T = unknown> {
  status: number
  headers: Headers
  body: T
}

export interface Accepted {
  server: Server
  run: Run
}

interface Progress {
  events: RunEvent[]
  after: number
  status: Run['status']
  ended: boolean
}

/** The control plane as a caller with this key sees it. */
export function controlPlane(url: string, key: string | undefined) {
  const call = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
  }
  /** Follows a run by long poll until it ends; returns it with all of its events. */
  const follow = async (runId: string): Promise<{ run: Run; events: RunEvent[] }> => {
    const events: RunEvent[] = []
    for (;;) {
      const { status, body } = await call<Progress>('GET', `/runs/${runId}/events?after=${events.length}&wait=20`)
      if (status !== 200) throw new Error(`events of ${runId}: ${status} ${JSON.stringify(body)}`)
      events.push(...body.events)
      if (body.ended && body.events.length === 0) return { run: (await call<Run>('GET', `/runs/${runId}`)).body, events }
    }
  }
  /** Follows a run until it waits for review; throws where it ends instead. */
  const waiting = async (runId: string): Promise<Run> => {
    for (let after = 0; ; ) {
      const { body } = await call<Progress>('GET', `/runs/${runId}/events?after=${after}&wait=20`)
      after = body.after
      if (body.status === 'AWAITING_REVIEW') return (await call<Run>('GET', `/runs/${runId}`)).body
      if (body.ended) throw new Error(`run ${runId} ended ${body.status} instead of waiting: ${JSON.stringify(body.events)}`)
    }
  }
  /** Follows a run until its timeline has an event of this type; throws where it ends without. */
  const told = async (runId: string, type: string): Promise<void> => {
    for (let after = 0; ; ) {
      const { body } = await call<Progress>('GET', `/runs/${runId}/events?after=${after}&wait=20`)
      after = body.after
      if (body.events.some((event) => event.type === type)) return
      if (body.ended && body.events.length === 0) throw new Error(`run ${runId} ended ${body.status} without ${type}`)
    }
  }
  return {
    call,
    follow,
    waiting,
    told,
    /** Approves the plan that a run waits with. */
    async approve({ id, plan }: Run): Promise<void> {
      const { status, body } = await call('POST', `/runs/${id}/approve`, { planSha256: plan?.planSha256 })
      if (status !== 202) throw new Error(`approve: ${status} ${JSON.stringify(body)}`)
    },
    /** POSTs a definition and follows its run to the end. */
    async create(definition: object) {
      const answer = await call<Accepted>('POST', '/servers', definition)
      if (answer.status !== 202) throw new Error(`create: ${answer.status} ${JSON.stringify(answer.body)}`)
      return { accepted: answer.body, ...(await follow(answer.body.run.id)) }
    },
    /** PATCHes a server and follows the run to the end. */
    async patch(id: string, change: object) {
      const answer = await call<Accepted>('PATCH', `/servers/${id}`, change)
      if (answer.status !== 202) throw new Error(`patch: ${answer.status} ${JSON.stringify(answer.body)}`)
      return { accepted: answer.body, ...(await follow(answer.body.run.id)) }
    },
    async remove(id: string) {
      const answer = await call<{ run: Run }>('DELETE', `/servers/${id}`)
      if (answer.status !== 202) throw new Error(`delete: ${answer.status} ${JSON.stringify(answer.body)}`)
      return { accepted: answer.body, ...(await follow(answer.body.run.id)) }
    },
  }
}

/** Ends its session when it closes, as the protocol asks: a client that leaves it open keeps a process of the server waiting. */
class PoliteClient extends Client {
  override async close(): Promise<void> {
    const { transport } = this
    if (transport instanceof StreamableHTTPClientTransport) await transport.terminateSession().catch(() => {})
    await super.close()
  }
}

/** An official MCP client, connected with a key; close it when done. */
export async function mcpClient(endpoint: string, key: string): Promise<Client> {
  const client = new PoliteClient({ name: 'gantry-test', version: '1.0.0' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(endpoint), { requestInit: { headers: { authorization: `Bearer ${key}` } } }),
  )
  return client
}
