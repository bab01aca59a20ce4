import { createHash } from 'node:crypto'
import type { TypedResponse } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { JSONParsed } from 'hono/utils/types'
import { GantryError } from '../schema/error-code.ts'
import { abandonIdempotent, beginIdempotent, finishIdempotent } from '../store/idempotency.ts'
import type { AppContext } from './app-env.ts'
import type { ApiPorts } from './ports.ts'

export interface Outcome<Body extends object, Status extends ContentfulStatusCode> {
  readonly status: Status
  readonly headers: Record<string, string>
  readonly body: Body
  /** Goes into the first answer and is never stored. */
  readonly onlyOnce?: object
}

/**
 * Does a POST once for each Idempotency-Key and caller: the same request gets the first answer again, another one with the
 * same key is refused. A call that was refused frees its key.
 */
export async function idempotent<Body extends object, Status extends ContentfulStatusCode>(
  ports: ApiPorts,
  c: AppContext,
  requestBody: string,
  work: () => Promise<Outcome<Body, Status>>,
): Promise<Response & TypedResponse<JSONParsed<Body>, Status, 'json'>> {
  const key = idempotencyKey(c)
  if (key === undefined) return answer(c, await work())
  const requestSha256 = createHash('sha256')
    .update(JSON.stringify([c.req.method, c.req.path, c.req.query(), requestBody]))
    .digest('hex')
  const call = { principal: c.var.principal.id, key, requestSha256 }
  const begun = await beginIdempotent(ports.store, call)
  if (begun.state === 'finished') return replay(c, begun.response)
  const outcome = await work().catch(async (error: unknown) => {
    await abandonIdempotent(ports.store, call)
    throw error
  })
  await finishIdempotent(ports.store, call, { status: outcome.status, headers: outcome.headers, body: JSON.stringify(outcome.body) })
  return answer(c, outcome)
}

/** The call's Idempotency-Key; INVALID_REQUEST where it cannot be one. */
export function idempotencyKey(c: AppContext): string | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new GantryError('INVALID_REQUEST', 'Idempotency-Key must be 1 to 255 visible ASCII characters without spaces.')
}

function answer<Body extends object, Status extends ContentfulStatusCode>(c: AppContext, outcome: Outcome<Body, Status>) {
  return c.json({ ...outcome.body, ...outcome.onlyOnce }, outcome.status, outcome.headers) as Response &
    TypedResponse<JSONParsed<Body>, Status, 'json'>
}

function replay(c: AppContext, stored: { status: number; headers: Record<string, string>; body: string }) {
  const headers = { ...stored.headers, 'Content-Type': 'application/json', 'Idempotency-Replayed': 'true' }
  return c.body(stored.body, stored.status as ContentfulStatusCode, headers) as Response as Response & TypedResponse<never, never, 'json'>
}
