import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { Readable } from 'node:stream'
import type { Destination } from './destination.ts'

const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'trailer', 'upgrade', 'expect'])

export interface Outgoing {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly destination: Destination
  /** A stream is passed on as it comes; then the length is what the headers say. */
  readonly body: Readable | Buffer
}

/** Sends a request to the emulator under the name it came with, and resolves when the answer's head is there. */
export function forward(port: number, agent: Agent, { method, headers, destination, body }: Outgoing): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const kept = endToEnd(headers)
    if (Buffer.isBuffer(body)) {
      delete kept['transfer-encoding']
      kept['content-length'] = String(body.length)
    }
    const outgoing = request({
      host: '127.0.0.1',
      port,
      agent,
      method,
      path: destination.path,
      headers: { ...kept, host: destination.host },
    })
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
    if (Buffer.isBuffer(body)) {
      outgoing.end(body)
    } else {
      body.once('error', (error) => outgoing.destroy(error))
      body.pipe(outgoing)
    }
  })
}

export function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)))
}
