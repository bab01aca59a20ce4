import { type ClientRequest, request } from 'node:http'
import type { Log } from './log.ts'
import { errorCode, refuse } from './refuse.ts'
import { endToEndHeaders } from './relay/relay-headers.ts'
import type { Place } from './seal.ts'
import type { Call } from './service.ts'

/** Marks a request that came through another task: it is answered where it arrives. */
export const forwardedHeader = 'x-gantry-forwarded'

const connectTimeoutMs = 1500

/**
 * Passes a call on to the task that holds its session, and never holds a byte longer than the slower side needs. A task that cannot be
 * reached, or goes before it took the request, has lost its sessions: that is the spec's 404, and the client begins anew.
 *
 * The body of a POST waits for the peer's `100 Continue`. Until then nothing can have been run, so that no call is lost or run twice.
 */
export function forward({ req, res }: Call, { host, port }: Place, log: Log): ClientRequest {
  const isPost = req.method === 'POST'
  const headers = endToEndHeaders(req.rawHeaders, ['expect', forwardedHeader])
  headers.push(forwardedHeader, '1', ...(isPost ? ['Expect', '100-continue'] : []))
  if (req.headers['transfer-encoding']) headers.push('Transfer-Encoding', 'chunked')
  const forwarded = request({ host, port, method: req.method, path: req.url, headers, agent: false })
  let taken = false

  const overdue = setTimeout(() => forwarded.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)), connectTimeoutMs)
  forwarded.on('socket', (socket) => socket.once('connect', () => clearTimeout(overdue)))
  forwarded.once('continue', () => {
    taken = true
    req.pipe(forwarded)
  })
  forwarded.on('response', (response) => {
    res.writeHead(response.statusCode ?? 502, response.statusMessage, endToEndHeaders(response.rawHeaders))
    res.flushHeaders()
    response.on('error', () => res.destroy())
    response.pipe(res)
  })
  forwarded.on('error', (error) => {
    if (res.destroyed || res.writableEnded) return
    log('warn', 'the task of a session did not answer', { peer: `${host}:${port}`, reason: error.message })
    if (res.headersSent) res.destroy()
    else if (taken) refuse(res, 502, errorCode.internal, 'The task that holds this session ended before it answered.')
    else refuse(res, 404, errorCode.sessionNotFound, 'Session not found')
  })
  forwarded.once('close', () => clearTimeout(overdue))
  res.once('close', () => forwarded.destroy())
  if (isPost) forwarded.flushHeaders()
  else req.pipe(forwarded)
  return forwarded
}
