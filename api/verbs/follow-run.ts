import type { Principal } from '../../access/principal.ts'
import type { Run, RunEvent } from '../../schema/run.ts'
import { isTerminal } from '../../schema/run-status.ts'
import { listEvents } from '../../store/events.ts'
import type { ApiPorts } from '../ports.ts'
import { getRun } from './get-run.ts'

export interface RunProgress {
  readonly events: RunEvent[]
  /** What to ask with as `after` next time. */
  readonly after: number
  readonly status: Run['status']
  /** No further event will come. */
  readonly ended: boolean
}

const pollMilliseconds = 400
const pageSize = 100

/** The events after a number; waits until there is one, the run has ended, or the time is over. */
export async function followRun(
  ports: ApiPorts,
  principal: Principal,
  runId: string,
  options: { after: number; waitSeconds: number; signal?: AbortSignal },
): Promise<RunProgress> {
  const until = ports.clock.now().getTime() + options.waitSeconds * 1000
  for (;;) {
    const run = await getRun(ports, principal, runId)
    const events = run.eventCount > options.after ? await listEvents(ports.store, runId, options.after, pageSize) : []
    const after = events.at(-1)?.n ?? options.after
    const ended = isTerminal(run.status) && after >= run.eventCount
    const rest = until - ports.clock.now().getTime()
    if (events.length > 0 || ended || rest <= 0 || options.signal?.aborted) return { events, after, status: run.status, ended }
    await ports.clock.sleep(Math.min(pollMilliseconds, rest), options.signal)
  }
}
