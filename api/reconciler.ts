import { createReconcilerPorts } from './adapters/create-reconciler-ports.ts'
import { parseConfig } from './config.ts'
import type { ReconcilerPorts } from './reconciler-ports.ts'
import { createDriftQueue } from './verbs/queue-drift-runs.ts'
import { type Sweep, sweepRuns } from './verbs/sweep-runs.ts'

/**
 * Brings runs that lost their process to an end. Events come at least once and in any order, so each of them (a build that
 * changed, the schedule, a start) means the same: look at everything that is open, one look after the other.
 */
export function createReconciler(ports: ReconcilerPorts): (event?: unknown) => Promise<Sweep> {
  let last: Promise<unknown> = Promise.resolve()
  const queueDriftRuns = createDriftQueue(ports)
  const look = async (): Promise<Sweep> => {
    const sweep = await sweepRuns(ports)
    return { ...sweep, started: [...sweep.started, ...(await queueDriftRuns())] }
  }
  return () => {
    const sweep = last.then(look)
    last = sweep.catch(() => undefined)
    return sweep
  }
}

let reconcile: ReturnType<typeof createReconciler> | undefined

export async function handler(event: unknown): Promise<Sweep> {
  reconcile ??= createReconciler(await createReconcilerPorts(parseConfig()))
  return reconcile(event)
}
