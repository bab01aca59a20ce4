import { appendEvent } from '../store/events.ts'
import type { StoreContext } from '../store/store-context.ts'

export interface Report {
  /** Queued at once, written in order. */
  event(type: string, message: string, data?: Record<string, unknown>): void
  /** Tells when a step starts and how long it took; a step that throws is told by the run's end. */
  step<T>(name: string, message: string, act: () => Promise<T>): Promise<T>
  /** Resolves when everything queued so far is written. */
  flush(): Promise<void>
}

/** The run's timeline. An event that cannot be written is a line on standard error: it never fails a run. */
export function createReport(store: StoreContext, runId: string): Report {
  let queue: Promise<void> = Promise.resolve()
  const event: Report['event'] = (type, message, data) => {
    process.stdout.write(`${message}\n`)
    queue = queue
      .then(async () => {
        await appendEvent(store, runId, { writer: 'runner', type, message, ...(data ? { data } : {}) })
      })
      .catch((error: unknown) => {
        process.stderr.write(`event ${type} was not written: ${error instanceof Error ? error.message : String(error)}\n`)
      })
  }
  return {
    event,
    flush: () => queue,
    step: async (name, message, act) => {
      const started = performance.now()
      event('step.started', message, { step: name })
      const result = await act()
      const seconds = Math.round((performance.now() - started) / 10) / 100
      event('step.finished', `${name}: ${seconds.toFixed(1)} s`, { step: name, seconds })
      return result
    },
  }
}
