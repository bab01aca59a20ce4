import { GantryError } from '../../schema/error-code.ts'
import type { Run } from '../../schema/run.ts'
import { appendEvent } from '../../store/events.ts'
import { heartbeat } from '../../store/runs.ts'
import type { ApiPorts } from '../ports.ts'

type Ports = Pick<ApiPorts, 'store' | 'startBuild' | 'log'>
type Writer = 'api' | 'reconciler'

/**
 * Starts the build of a queued or approved run. False where CodeBuild refuses: the run stays QUEUED, an event says so once, and the
 * sweep tries again; what a caller asked for was accepted before.
 */
export async function startRun(ports: Ports, run: Run, writer: Writer): Promise<boolean> {
  try {
    const buildId = await ports.startBuild(run.id, run.approval ? 'apply' : 'plan')
    await noteBuild(ports, run, buildId)
    return true
  } catch (error) {
    ports.log({ event: 'run.start-failed', runId: run.id, error })
    if (run.eventCount === 1) await sayRefused(ports, run, writer, error)
    return false
  }
}

/** The runner notes its build too, so a note that is lost or too late does no harm. */
async function noteBuild(ports: Ports, run: Run, buildId: string): Promise<void> {
  try {
    await heartbeat(ports.store, run, buildId)
  } catch (error) {
    if (!(error instanceof GantryError && error.code === 'CONFLICT')) ports.log({ event: 'build.not-noted', runId: run.id, buildId, error })
  }
}

async function sayRefused(ports: Ports, run: Run, writer: Writer, refusal: unknown): Promise<void> {
  const data = { reason: refusal instanceof Error ? refusal.name : 'Error' }
  const message = 'CodeBuild did not take the run; it stays queued and is tried again.'
  try {
    await appendEvent(ports.store, run.id, { writer, type: 'run.start-failed', message, data })
  } catch (error) {
    ports.log({ event: 'event.lost', runId: run.id, error })
  }
}
