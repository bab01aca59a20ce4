import { type RawConnection, type RawResponse, rawConnection } from './raw-connection.ts'

export interface Endpoint {
  readonly port: number
  readonly path: string
  /** Header lines that only this endpoint needs, each with its line end. */
  readonly headers: string
}

const protocolVersion = '2025-11-25'

/** A session of the Streamable HTTP transport over raw connections; each carries one call at a time. */
export interface McpSession {
  /** Resolves with the whole answer, be it JSON or an event stream. */
  call(connection: RawConnection, id: number, tool: string, args: unknown, progressToken?: string): Promise<RawResponse>
  open(): RawConnection
  close(): void
}

export async function beginSession({ port, path, headers }: Endpoint): Promise<McpSession> {
  const connections = new Set<RawConnection>()
  const open = () => {
    const connection = rawConnection(port)
    connections.add(connection)
    return connection
  }
  const first = open()
  const accept = 'content-type: application/json\r\naccept: application/json, text/event-stream\r\n'
  const start = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${accept}${headers}`
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
  const answer = await first.request(start, JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }))
  const id = /\nmcp-session-id: *(\S+)/i.exec(answer.head)?.[1]
  const known = `${start}mcp-protocol-version: ${protocolVersion}\r\n${id ? `mcp-session-id: ${id}\r\n` : ''}`
  if (answer.status !== 200) throw new Error(`initialize: ${answer.head.split('\r\n')[0]} ${answer.body}`)
  await first.request(known, '{"jsonrpc":"2.0","method":"notifications/initialized"}')
  return {
    call: (connection, id, tool, args, progressToken) => {
      const meta = progressToken && { _meta: { progressToken } }
      return connection.request(
        known,
        JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: tool, arguments: args, ...meta } }),
      )
    },
    open,
    close: () => {
      for (const connection of connections) connection.close()
    },
  }
}

/** The JSON-RPC messages of an answer, in their order. */
export function messagesOf({ head, body }: RawResponse): { id?: unknown; method?: string; params?: { progressToken?: unknown } }[] {
  const text = body.toString()
  if (!/\ncontent-type: *text\/event-stream/i.test(head)) return text ? [JSON.parse(text)] : []
  return [...text.matchAll(/^data: *(\S.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''))
}
