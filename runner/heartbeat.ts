import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal } from '../schema/run-status.ts'
import { heartbeat, readRun } from '../store/runs.ts'
import type { StoreContext } from '../store/store-context.ts'
import { RunFailure } from './run-failure.ts'

const everyMilliseconds = 5000

/** Says every few seconds that the run is worked on; `onEnd` with why, where it is to end or was ended by somebody else. */
export function startHeartbeat(
  store: StoreContext,
  current: { readonly run: Run },
  buildId: string | undefined,
  onEnd: (why: RunFailure) => void,
) {
  const beat = async (): Promise<void> => {
    const { run } = current
    if (run.status === 'AWAITING_REVIEW' && !run.approval) return
    try {
      const { cancel } = await heartbeat(store, run, buildId)
      if (cancel) onEnd(cancelled(cancel))
    } catch (error) {
      if (error instanceof GantryError && error.code === 'CONFLICT') {
        // The run may be drawing its generation just now: it is over only where the store says so.
        const stored = await readRun(store, run.id).catch(() => run)
        if (!stored || isTerminal(stored.status)) onEnd(new RunFailure('RUNNER_LOST', 'The run was ended by somebody else.'))
      } else process.stderr.write(`heartbeat: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  const timer = setInterval(() => void beat(), everyMilliseconds)
  return { stop: () => clearInterval(timer) }
}

/** Why a run ends that somebody asked to end. */
export const cancelled = ({ by }: NonNullable<Run['cancel']>): RunFailure => new RunFailure('CANCELLED', `${by} cancelled the run.`)
