import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { identify, type ProcessIdentity } from '../process-identity.ts'

type Outcome = 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'TIMED_OUT' | 'FAULT'

export interface RunBuildOptions {
  readonly script: string
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
  readonly graceSeconds: number
  /** Kills what belongs to the build and leads a group of its own. */
  readonly killStrays: () => void
  readonly onStarted: (identity: ProcessIdentity) => void
  readonly onLine: (line: string) => void
  readonly onPhase: (phase: string, exitCode?: number) => void
}

export interface RunningBuild {
  /** SIGTERM to the whole group, SIGKILL when the grace is over. */
  stop(): void
  /** Settles when every process of the group is gone. */
  readonly outcome: Promise<Outcome>
}

/** Runs a build's script as a process group of its own. */
export function runBuild(options: RunBuildOptions): RunningBuild {
  const child = spawn('/bin/sh', ['-c', options.script], {
    cwd: options.directory,
    env: options.environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  })
  const { pid } = child
  if (pid !== undefined) options.onStarted(identify(pid))
  let reason: Outcome | undefined
  let lastWord: NodeJS.Timeout | undefined

  function killAll(): void {
    signalGroup(pid, 'SIGKILL')
    options.killStrays()
  }
  function stop(why: Outcome): void {
    if (reason || child.exitCode !== null || child.signalCode !== null) return
    reason = why
    signalGroup(pid, 'SIGTERM')
    lastWord = setTimeout(killAll, options.graceSeconds * 1000)
  }
  const timeout = setTimeout(() => stop('TIMED_OUT'), options.timeoutSeconds * 1000)

  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', options.onLine)
  const marks = child.stdio[3]
  if (marks instanceof Readable) {
    createInterface({ input: marks }).on('line', (line) => {
      const [, phase = '', exitCode] = line.split(' ')
      options.onPhase(phase, exitCode === undefined ? undefined : Number(exitCode))
    })
  }
  // What outlives the shell goes with it, as with a container; a build that is being stopped has its grace first.
  child.once('exit', () => reason ?? killAll())
  const outcome = new Promise<Outcome>((resolve) => {
    child.once('error', (error) => {
      options.onLine(`The build could not be started: ${error.message}`)
      resolve('FAULT')
    })
    child.once('close', (exitCode) => {
      clearTimeout(timeout)
      clearTimeout(lastWord)
      killAll()
      resolve(reason ?? (exitCode === 0 ? 'SUCCEEDED' : 'FAILED'))
    })
  })
  return { stop: () => stop('STOPPED'), outcome }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody is left in it.
  }
}
