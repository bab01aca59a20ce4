import type { Report } from './report.ts'

interface ApplyLine {
  readonly type?: string
  readonly hook?: { readonly resource?: { readonly addr?: string }; readonly action?: string; readonly elapsed_seconds?: number }
}

interface ResourceEvent {
  readonly address: string
  readonly action: string
  readonly state: 'started' | 'finished' | 'failed'
  readonly seconds?: number
}

const states: Record<string, ResourceEvent['state']> = { apply_start: 'started', apply_complete: 'finished', apply_errored: 'failed' }

function resourceEvent(line: string): ResourceEvent | undefined {
  try {
    const { type, hook } = JSON.parse(line) as ApplyLine
    const state = states[type ?? '']
    if (!state || !hook?.resource?.addr) return undefined
    const seconds = hook.elapsed_seconds === undefined ? {} : { seconds: hook.elapsed_seconds }
    return { address: hook.resource.addr, action: hook.action ?? '', state, ...seconds }
  } catch {
    return undefined
  }
}

const namedAtMost = 4

/** `create finished: a, b; create started: c, d, e, f and 3 more` */
function sentence(events: readonly ResourceEvent[]): string {
  const groups = new Map<string, string[]>()
  for (const { address, action, state } of events) {
    const key = `${action} ${state}`
    groups.set(key, [...(groups.get(key) ?? []), address])
  }
  return [...groups].map(([key, addresses]) => `${key}: ${listed(addresses)}`).join('; ')
}

function listed(addresses: readonly string[]): string {
  const named = addresses.slice(0, namedAtMost).join(', ')
  return addresses.length > namedAtMost ? `${named} and ${addresses.length - namedAtMost} more` : named
}

/** Tells of resources as Terraform starts and finishes them: at most one event of the run a second, with all that happened. */
export function createResourceEvents(report: Report, everyMilliseconds = 1000) {
  let batch: ResourceEvent[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (batch.length > 0) report.event('resource.applied', sentence(batch), { resources: batch })
    batch = []
  }
  return {
    flush,
    line: (line: string): void => {
      const event = resourceEvent(line)
      if (!event) return
      batch.push(event)
      timer ??= setTimeout(flush, everyMilliseconds)
    },
  }
}
