import { spawn } from 'node:child_process'
import { GantryError } from '../../../schema/error-code.ts'
import { maskCredentials } from './mask-credentials.ts'

export interface GitCall {
  readonly args: readonly string[]
  /** Working directory and HOME. */
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** More of standard output is read and dropped. */
  readonly keepBytes?: number
  readonly timeoutMilliseconds: number
}

export interface GitResult {
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: string
  /** The last lines of what it said, fit to be shown. */
  readonly words: string
  readonly timedOut: boolean
}

// Nothing of this process's environment, of the user's or of the machine's settings; no hooks of ours, no helper programs.
const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=10',
}
const settings = ['core.hooksPath=/dev/null', 'protocol.ext.allow=never', 'gc.auto=0', 'maintenance.auto=false', 'core.quotePath=false']
const graceMilliseconds = 1000

/** One call of git in a process group of its own. Judged by the caller; throws GantryError UNAVAILABLE only where there is no git. */
export function runGit(call: GitCall): Promise<GitResult> {
  const child = spawn('git', [...settings.flatMap((setting) => ['-c', setting]), ...call.args], {
    cwd: call.home,
    env: { ...environment, HOME: call.home, ...call.env },
    stdio: 'pipe',
    detached: true,
  })
  // A group of its own gets no signal of ours by itself, and one that waits for the other side would wait on.
  const endWithUs = () => signalGroup(child.pid, 'SIGTERM')
  process.once('exit', endWithUs)
  let timedOut = false
  let killing: NodeJS.Timeout | undefined
  // SIGTERM first: git takes its lock files with it.
  const timer = setTimeout(() => {
    timedOut = true
    signalGroup(child.pid, 'SIGTERM')
    killing = setTimeout(signalGroup, graceMilliseconds, child.pid, 'SIGKILL')
  }, call.timeoutMilliseconds)
  child.stdin.on('error', () => undefined).end(call.input ?? '')
  const kept: Buffer[] = []
  let room = call.keepBytes ?? Number.POSITIVE_INFINITY
  child.stdout.on('data', (chunk: Buffer) => {
    if (room > 0) kept.push(room < chunk.length ? chunk.subarray(0, room) : chunk)
    room -= chunk.length
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      process.off('exit', endWithUs)
      clearTimeout(timer)
      const message = `git could not be started (${cause.message}); expected it on ${environment.PATH}. Install git 2.39 or later.`
      reject(new GantryError('UNAVAILABLE', message, { cause }))
    })
    // Whatever it left running would hold the pipes open.
    child.once('exit', () => signalGroup(child.pid, 'SIGKILL'))
    child.once('close', (exitCode) => {
      process.off('exit', endWithUs)
      clearTimeout(timer)
      clearTimeout(killing)
      resolve({ exitCode, stdout: Buffer.concat(kept).toString('utf8'), words: lastLines(said), timedOut })
    })
  })
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is empty: that is the usual end.
  }
}

function lastLines(said: string): string {
  const lines = maskCredentials(said)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('hint:'))
  return lines.slice(-6).join('; ').slice(-800)
}
