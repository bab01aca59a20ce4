import type { Run } from '../../schema/run.ts'
import { appendEvent } from '../../store/events.ts'
import { heartbeat } from '../../store/runs.ts'
import type { ApiPorts } from '../ports.ts'

/**
 * Starts the build of a queued run. Where CodeBuild refuses, the run stays QUEUED with an event that says so, and the sweep
 * tries again: what a caller asked for was already accepted.
 */
export async function startRun(
  ports: Pick<ApiPorts, 'store' | 'startBuild' | 'log'>,
  run: Run,
  writer: 'api' | 'reconciler',
): Promise<void> {
  try {
    const buildId = await ports.startBuild(run.id)
    await heartbeat(ports.store, run, buildId)
  } catch (error) {
    ports.log({ event: 'run.start-failed', runId: run.id, error })
    const data = { reason: error instanceof Error ? error.name : 'Error' }
    const message = 'CodeBuild did not take the run; it stays queued and is tried again.'
    await appendEvent(ports.store, run.id, { writer, type: 'run.start-failed', message, data }).catch((cause) =>
      ports.log({ event: 'event.lost', runId: run.id, error: cause }),
    )
  }
}
