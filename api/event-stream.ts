import type { TypedResponse } from 'hono'
import { streamSSE } from 'hono/streaming'
import { GantryError } from '../schema/error-code.ts'
import type { AppContext } from './app-env.ts'
import type { ApiPorts } from './ports.ts'
import { followRun, type RunProgress } from './verbs/follow-run.ts'

const longestSeconds = 600
const keepAliveSeconds = 15
/** A revoked key must stop within five seconds, in mid-stream too. */
const confirmSeconds = 4

export const acceptsEventStream = (c: AppContext): boolean => /\btext\/event-stream\b/i.test(c.req.header('accept') ?? '')

/**
 * A run's timeline as server-sent events, until its last event or for ten minutes; `id` is the event's number, so a client
 * goes on where it was. A client that comes back after the last event gets 204, which ends its retrying.
 */
export async function eventStream(ports: ApiPorts, c: AppContext, runId: string, after: number): Promise<Response & TypedResponse<never>> {
  if (!ports.streamsEvents)
    throw new GantryError('NOT_ACCEPTABLE', 'This edge does not stream. Ask without Accept: text/event-stream, with after and wait.')
  const last = c.req.header('last-event-id')
  const first = await followRun(ports, c.var.principal, runId, { after: resumeAfter(last, after), waitSeconds: 0 })
  if (last !== undefined && first.ended && first.events.length === 0) return c.body(null, 204) as Response & TypedResponse<never>
  c.header('Cache-Control', 'no-store, no-transform')
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(c, (stream) => write(ports, c, runId, first, stream)) as Response & TypedResponse<never>
}

type EventWriter = Parameters<Parameters<typeof streamSSE>[1]>[0]

async function write(ports: ApiPorts, c: AppContext, runId: string, first: RunProgress, stream: EventWriter): Promise<void> {
  const gone = new AbortController()
  stream.onAbort(() => gone.abort())
  const started = ports.clock.now().getTime()
  let wrote = 0
  let progress = first
  while (!gone.signal.aborted) {
    const now = ports.clock.now().getTime()
    for (const event of progress.events) await stream.writeSSE({ id: String(event.n), data: JSON.stringify(event) })
    if (progress.ended) return void (await stream.writeSSE({ event: 'end', data: JSON.stringify({ status: progress.status }) }))
    if (progress.events.length === 0 && now - wrote >= keepAliveSeconds * 1000) await stream.write(': keep-alive\n\n')
    if (progress.events.length > 0 || now - wrote >= keepAliveSeconds * 1000) wrote = now
    if (now - started >= longestSeconds * 1000) return
    progress = await followRun(ports, c.var.principal, runId, { after: progress.after, waitSeconds: confirmSeconds, signal: gone.signal })
    if (!(await stillSignedIn(c))) return
  }
}

const stillSignedIn = (c: AppContext): Promise<boolean> =>
  c.var.confirm().then(
    () => true,
    () => false,
  )

function resumeAfter(lastEventId: string | undefined, after: number): number {
  if (lastEventId === undefined) return after
  if (/^\d{1,8}$/.test(lastEventId)) return Number(lastEventId)
  throw new GantryError('INVALID_REQUEST', 'Last-Event-ID is not the number of an event.')
}
