import { type Build, type BuildStatus, secondsNow } from './build-record.ts'

/** The build with its current phase ended and the next one begun. */
export function enterPhase(build: Build, phaseType: string): Build {
  const now = secondsNow()
  return { ...build, currentPhase: phaseType, phases: [...endPhases(build, now, 'SUCCEEDED'), { phaseType, startTime: now }] }
}

/** A phase's own end: failed unless 0. */
export function leavePhase(build: Build, exitCode: number): Build {
  const contexts = [{ statusCode: 'COMMAND_EXECUTION_ERROR', message: `Error while executing command. Reason: exit status ${exitCode}` }]
  return {
    ...build,
    phases: endPhases(build, secondsNow(), exitCode === 0 ? 'SUCCEEDED' : 'FAILED', exitCode === 0 ? undefined : contexts),
  }
}

/** The build as it is for ever; `message` says why where no phase does. */
export function complete(build: Build, buildStatus: BuildStatus, message?: string): Build {
  const now = secondsNow()
  const contexts = message === undefined ? undefined : [{ message }]
  return {
    ...build,
    buildStatus,
    buildComplete: true,
    currentPhase: 'COMPLETED',
    endTime: now,
    phases: [...endPhases(build, now, buildStatus, contexts), { phaseType: 'COMPLETED', startTime: now }],
  }
}

function endPhases(build: Build, now: number, phaseStatus: string, contexts?: Build['phases'][number]['contexts']): Build['phases'] {
  return build.phases.map((phase) =>
    phase.endTime === undefined
      ? { ...phase, phaseStatus, endTime: now, durationInSeconds: Math.round(now - phase.startTime), ...(contexts && { contexts }) }
      : phase,
  )
}
