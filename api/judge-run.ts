import type { RunnerBuild } from '../aws/builds.ts'
import type { Run, RunError } from '../schema/run.ts'
import { isTerminal } from '../schema/run-status.ts'

export type Verdict =
  | { readonly do: 'nothing' }
  | { readonly do: 'start' }
  /** Its plan waited for longer than the platform lets it. */
  | { readonly do: 'expire' }
  /** `buildEnded`: no process works on the run any more. */
  | { readonly do: 'end'; readonly buildEnded: boolean; readonly error: RunError }

const minute = 60_000
/** CodeBuild may be full for a while; after this long a run that nobody took is ended. */
const longestQueued = 60 * minute
/** For a run whose build CodeBuild does not know: longer than the runner's heartbeat takes. */
const longestSilence = 5 * minute

const nothing: Verdict = { do: 'nothing' }
const advice = 'Nothing works on it any more; what was made is kept. Delete the server, or send the change again.'

/** What the sweep does with a run, from the run and its build as CodeBuild tells it. */
export function judgeRun(run: Run, build: RunnerBuild | undefined, now: Date): Verdict {
  if (isTerminal(run.status)) return nothing
  if (run.status === 'AWAITING_REVIEW' && !run.approval) return hasExpired(run, now) ? { do: 'expire' } : nothing
  if (build) return build.ended ? lost(run, `ended ${build.status}`) : nothing
  const since = (at: string) => now.getTime() - Date.parse(at)
  const queuedAt = run.status === 'QUEUED' ? run.createdAt : run.status === 'AWAITING_REVIEW' ? run.approval?.at : undefined
  if (queuedAt && run.buildId === undefined) return since(queuedAt) > longestQueued ? neverStarted() : { do: 'start' }
  if (since(run.heartbeatAt ?? run.updatedAt) <= longestSilence) return nothing
  return lost(run, 'is not known to CodeBuild')
}

const hasExpired = ({ hold }: Run, now: Date): boolean => hold !== undefined && now.getTime() >= Date.parse(hold.until)

function lost(run: Run, what: string): Verdict {
  const message = `The build ${run.buildId ?? ''} ${what} while the run was ${run.status}. ${advice}`.replace('build  ', 'build ')
  return { do: 'end', buildEnded: true, error: { code: 'RUNNER_LOST', message } }
}

function neverStarted(): Verdict {
  const message = `CodeBuild took no build for the run within ${longestQueued / minute} minutes. Check the runner project's concurrency limit, then send the change again.`
  return { do: 'end', buildEnded: true, error: { code: 'START_FAILED', message } }
}
