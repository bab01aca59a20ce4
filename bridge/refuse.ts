import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** JSON-RPC's own codes, and the two that MCP servers use for sessions. */
export const errorCode = { parse: -32700, invalidRequest: -32600, internal: -32603, refused: -32000, sessionNotFound: -32001 } as const

/** A JSON-RPC error as text; `id` is the request's id as JSON text, kept as it came, and empty for what has none. */
export function errorMessage(code: number, message: string, id = '', data?: unknown): string {
  return `{"jsonrpc":"2.0","error":${JSON.stringify({ code, message, data })},"id":${id || 'null'}}`
}

type Options = { id?: string; headers?: OutgoingHttpHeaders; data?: unknown }

/** Ends a response with an HTTP status and a JSON-RPC error that says the same. */
export function refuse(res: ServerResponse, status: number, code: number, message: string, options: Options = {}): void {
  if (res.headersSent || res.destroyed) return
  const body = errorMessage(code, message, options.id, options.data)
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...options.headers })
  res.end(body)
}
