import type { ServerResponse } from 'node:http'
import type { RenderedResponse } from './gateway-response.ts'

/** Sends a whole answer at once; nothing where one has begun already. */
export function respond(response: ServerResponse, rendered: RenderedResponse): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const length = String(Buffer.byteLength(rendered.body))
  const headers = [...rendered.headers, ['Content-Length', length] as const]
  response.writeHead(rendered.status, rendered.status === 204 ? rendered.headers.flat() : headers.flat())
  response.end(rendered.body)
}
