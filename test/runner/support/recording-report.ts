import type { Report } from '../../../runner/report.ts'

export interface RecordedEvent {
  readonly type: string
  readonly message: string
  readonly data?: Record<string, unknown> | undefined
}

/** A report that keeps what it is told. */
export function recordingReport(): Report & { readonly events: RecordedEvent[] } {
  const events: RecordedEvent[] = []
  return {
    events,
    event: (type, message, data) => {
      events.push({ type, message, data })
    },
    step: (_name, _message, act) => act(),
    flush: async () => {},
  }
}
