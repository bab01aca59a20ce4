import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface CommandFailure {
  /** Undefined when it never ran (ENOENT and the like). */
  readonly exitCode?: number
  readonly reason: string
}

interface RunCommandOptions {
  readonly signal: AbortSignal | undefined
  readonly onLine?: (line: string) => void
}

/**
 * Runs a command to its end and hands on each line it writes.
 * Returns undefined on exit code 0, else why not, with the last lines it wrote; throws only when aborted.
 * Its whole process group goes when it is aborted or when this process exits.
 */
export function runCommand(command: string, args: readonly string[], options: RunCommandOptions): Promise<CommandFailure | undefined> {
  const { signal, onLine } = options
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const killGroup = () =>
      child.pid !== undefined && child.exitCode === null && child.signalCode === null && process.kill(-child.pid, 'SIGKILL')
    signal?.addEventListener('abort', killGroup)
    process.once('exit', killGroup)
    const tail: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        tail.push(line)
        if (tail.length > 4) tail.shift()
        onLine?.(line)
      })
    }
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ reason: error.code === 'ENOENT' ? `${command} is not on the PATH` : error.message }),
    )
    child.once('close', (exitCode, killedBy) => {
      signal?.removeEventListener('abort', killGroup)
      process.off('exit', killGroup)
      if (signal?.aborted) return reject(signal.reason)
      resolve(exitCode === 0 ? undefined : { exitCode: exitCode ?? undefined, reason: tail.join(' · ') || `ended by ${killedBy}` })
    })
  })
}
