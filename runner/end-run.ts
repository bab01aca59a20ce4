import { coverCredentials } from '../schema/credential-shapes.ts'
import { GantryError } from '../schema/error-code.ts'
import type { RunError } from '../schema/run.ts'
import type { Server } from '../schema/server.ts'
import { finishServer } from '../store/finish-server.ts'
import type { StoreContext } from '../store/store-context.ts'
import { transitionRun } from '../store/transition-run.ts'
import type { Report } from './report.ts'
import type { RunContext } from './run-context.ts'

export interface EndRunOptions {
  readonly store: StoreContext
  readonly current: RunContext['current']
  readonly report: Report
  readonly cancelled: boolean
  /** As it was when the run began. */
  readonly server: Server | undefined
  readonly error: RunError
}

const masked = (error: RunError): RunError => ({
  ...error,
  message: coverCredentials(error.message),
  ...(error.logs ? { logs: error.logs.map(coverCredentials) } : {}),
})

/** Ends a run that did not succeed, with what went wrong; a run that somebody else has ended stays as it is. */
export async function endRun({ store, current, report, cancelled, server, error: raw }: EndRunOptions): Promise<void> {
  const error = masked(raw)
  const { run } = current
  const to = cancelled ? 'CANCELLED' : 'FAILED'
  const about = error.resource ? ` (${error.resource})` : ''
  report.event(cancelled ? 'run.cancelled' : 'run.failed', `${error.code}${about}: ${error.message}`, { error })
  await report.flush()
  try {
    if (run.generation === undefined) current.run = await transitionRun(store, run, to, { error })
    else current.run = (await finishServer(store, { run, to: serverAfter(current, server), runTo: to, patch: { error } })).run
  } catch (refused) {
    if (!(refused instanceof GantryError)) throw refused
    report.event('run.fenced', `The run had been ended already: ${refused.message}`)
  }
}

/** A server that the run has not touched is what it was. */
function serverAfter({ run, applied }: RunContext['current'], server: Server | undefined): 'IN_SERVICE' | 'STOPPED' | 'FAILED' {
  if (applied || run.type === 'delete') return 'FAILED'
  return server?.status === 'IN_SERVICE' || server?.status === 'STOPPED' ? server.status : 'FAILED'
}
