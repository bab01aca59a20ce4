import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { isTerminal } from '../schema/run-status.ts'
import { heartbeat, readRun } from '../store/runs.ts'
import type { StoreContext } from '../store/store-context.ts'

const everyMilliseconds = 10_000

/** Says every ten seconds that the run is worked on; `onFenced` when the run was ended by somebody else. */
export function startHeartbeat(store: StoreContext, current: { readonly run: Run }, buildId: string | undefined, onFenced: () => void) {
  const beat = async (): Promise<void> => {
    const { run } = current
    if (run.status === 'AWAITING_REVIEW' && !run.approval) return
    try {
      await heartbeat(store, run, buildId)
    } catch (error) {
      if (error instanceof GantryError && error.code === 'CONFLICT') {
        // The run may be drawing its generation just now: it is over only where the store says so.
        const stored = await readRun(store, run.id).catch(() => run)
        if (!stored || isTerminal(stored.status)) onFenced()
      } else process.stderr.write(`heartbeat: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  const timer = setInterval(() => void beat(), everyMilliseconds)
  return { stop: () => clearInterval(timer) }
}
