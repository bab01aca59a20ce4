import type { Log } from './log.ts'
import { errorCode, refuse } from './refuse.ts'
import { type Address, type Connection, createConnections } from './relay/connections.ts'
import { relayCall } from './relay/relay-call.ts'
import { endToEndHeaders } from './relay/relay-headers.ts'
import { requestHead } from './relay/send-request.ts'
import type { Call } from './service.ts'

/** Marks a request that came through another task: it is answered where it arrives. */
export const forwardedHeader = 'x-gantry-forwarded'

/** Inside a virtual network a connection is made within milliseconds, or its other end is gone. */
const patienceMs = 1500

/**
 * Passes a call on to the task that holds its session, and never holds a byte longer than the slower side needs. `body` is that of a
 * POST that has been read already. `onLost` answers where the task is gone or never took the call: nothing has been run.
 */
export type Forward = (call: Call, to: Address, onLost: () => void, body?: Buffer) => void

/**
 * The body of a POST waits for the other task's `100 Continue`. Until then nothing can have been run, so that no call is lost or run
 * twice, and a kept connection that turns out to be none is replaced by a new one.
 */
export function createForward(log: Log): Forward {
  const connections = createConnections()
  return (call, { host, port }, onLost, body) => {
    const { req, res } = call
    if (res.destroyed) return
    const waits = req.method === 'POST'
    const head = headOf(call, waits, body)
    const pass = (connection: Connection) =>
      relayCall({
        req,
        res,
        head,
        body,
        waits,
        patienceMs,
        connection,
        onUnreached: (error, taken) => {
          if (res.destroyed) return
          if (!taken && connection.kept) return pass(connections.open({ host, port }))
          log('warn', 'the task of a session did not answer', { peer: `${host}:${port}`, reason: error.message })
          if (taken && waits) refuse(res, 502, errorCode.internal, 'The task that holds this session ended before it answered.')
          else onLost()
        },
      })
    pass(waits ? connections.take({ host, port }) : connections.open({ host, port }))
  }
}

function headOf({ req }: Call, waits: boolean, body: Buffer | undefined): string {
  const { method = 'GET', url = '/', rawHeaders } = req
  const headers = endToEndHeaders(rawHeaders, ['expect', forwardedHeader, ...(body ? ['content-length'] : [])])
  headers.push(forwardedHeader, '1')
  if (waits) headers.push('Expect', '100-continue')
  if (body) headers.push('Content-Length', String(body.length))
  else if (req.headers['transfer-encoding']) headers.push('Transfer-Encoding', 'chunked')
  return requestHead(method, url, headers)
}
