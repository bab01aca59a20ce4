import { type RawConnection, type RawResponse, rawConnection } from './raw-connection.ts'

export interface Endpoint {
  readonly port: number
  readonly path: string
  /** Header lines that only this endpoint needs, each with its line end. */
  readonly headers: string
}

const protocolVersion = '2025-11-25'
const statelessVersion = '2026-07-28'

/** A session of the Streamable HTTP transport over raw connections; each carries one call at a time. */
export interface McpSession {
  /** Resolves with the whole answer, be it JSON or an event stream. */
  call(connection: RawConnection, id: number, tool: string, args: unknown, progressToken?: string): Promise<RawResponse>
  open(): RawConnection
  close(): void
}

/** Calls are sent to the port `via`, where that is another one. */
export async function beginSession(endpoint: Endpoint, via = endpoint.port): Promise<McpSession> {
  const first = rawConnection(endpoint.port)
  const start = startOf(endpoint)
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
  const answer = await first.request(start, JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }))
  const id = /\nmcp-session-id: *(\S+)/i.exec(answer.head)?.[1]
  const known = `${start}mcp-protocol-version: ${protocolVersion}\r\n${id ? `mcp-session-id: ${id}\r\n` : ''}`
  if (answer.status !== 200) throw new Error(`initialize: ${answer.head.split('\r\n')[0]} ${answer.body}`)
  await first.request(known, '{"jsonrpc":"2.0","method":"notifications/initialized"}')
  first.close()
  return {
    ...connectionsTo(via),
    call: (connection, id, tool, args, progressToken) => {
      const meta = progressToken && { _meta: { progressToken } }
      return connection.request(
        known,
        JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: tool, arguments: args, ...meta } }),
      )
    },
  }
}

/** Calls of the revision without sessions. */
export async function statelessCalls(endpoint: Endpoint): Promise<McpSession> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': statelessVersion,
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const start = `${startOf(endpoint)}mcp-protocol-version: ${statelessVersion}\r\nmcp-method: tools/call\r\n`
  return {
    ...connectionsTo(endpoint.port),
    call: (connection, id, name, args) =>
      connection.request(
        `${start}mcp-name: ${name}\r\n`,
        JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args, _meta } }),
      ),
  }
}

function startOf({ port, path, headers }: Endpoint): string {
  const accept = 'content-type: application/json\r\naccept: application/json, text/event-stream\r\n'
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${accept}${headers}`
}

function connectionsTo(port: number): Pick<McpSession, 'open' | 'close'> {
  const connections = new Set<RawConnection>()
  return {
    open: () => {
      const connection = rawConnection(port)
      connections.add(connection)
      return connection
    },
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
