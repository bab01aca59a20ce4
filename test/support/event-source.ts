import type { RunEvent } from '../../schema/run.ts'

export interface StreamedEvents {
  readonly status: number
  readonly contentType: string | null
  readonly events: RunEvent[]
  /** What the last event of the stream said, of the type `end`. */
  readonly end: unknown
}

/** Reads a stream of server-sent events to its end. */
export async function readEventStream(url: string, key: string, lastEventId?: number): Promise<StreamedEvents> {
  const headers = {
    accept: 'text/event-stream',
    authorization: `Bearer ${key}`,
    ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
  }
  const response = await fetch(url, { headers })
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '' && !block.startsWith(':'))
  const fields = blocks.map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2))))
  const parse = (data: string | undefined): unknown => JSON.parse(data ?? 'null')
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    events: fields.filter(({ event }) => event === undefined).map(({ data }) => parse(data) as RunEvent),
    end: parse(fields.find(({ event }) => event === 'end')?.data),
  }
}
