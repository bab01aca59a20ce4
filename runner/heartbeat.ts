import { GantryError } from '../schema/error-code.ts'
import type { Run } from '../schema/run.ts'
import { heartbeat } from '../store/runs.ts'
import type { StoreContext } from '../store/store-context.ts'

const everyMilliseconds = 10_000

/** Says every ten seconds that the run is worked on; `onFenced` when the run was ended or taken over by somebody else. */
export function startHeartbeat(store: StoreContext, current: { readonly run: Run }, buildId: string | undefined, onFenced: () => void) {
  const beat = async (): Promise<void> => {
    const { run } = current
    try {
      await heartbeat(store, run, buildId)
    } catch (error) {
      if (error instanceof GantryError && error.code === 'CONFLICT') {
        // The run may just have drawn its generation while this beat was on its way.
        if (current.run === run) onFenced()
      } else process.stderr.write(`heartbeat: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  const timer = setInterval(() => void beat(), everyMilliseconds)
  return { stop: () => clearInterval(timer) }
}
