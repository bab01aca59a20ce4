import { type Headers, post } from './raw.ts'

const revision = '2026-07-28'

export const meta = {
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** The headers that say what the body says. */
export function mirrored(method: string, name?: unknown): Headers {
  return { 'mcp-protocol-version': revision, 'mcp-method': method, ...(typeof name === 'string' && { 'mcp-name': name }) }
}

type Options = { id?: unknown; _meta?: object; headers?: Headers; init?: RequestInit }

/** One request of the stateless revision with its mirrored headers, and with what a test changes. */
export function ask(url: string, method: string, params: Record<string, unknown> = {}, options: Options = {}): Promise<Response> {
  const { id = 1, _meta = {}, headers = {}, init = {} } = options
  const body = { jsonrpc: '2.0', id, method, params: { ...params, _meta: { ...meta, ..._meta } } }
  return post(url, body, { ...mirrored(method, params.name ?? params.uri), ...headers }, init)
}
