import { type SpawnOptions, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface CommandFailure {
  /** Undefined when it never ran (ENOENT and the like). */
  readonly exitCode?: number
  readonly reason: string
}

/**
 * Runs a command to its end and hands on each line it writes.
 * Returns undefined on exit code 0, else why not, with the last lines it wrote; throws only when aborted.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'signal'> & { readonly onLine?: (line: string) => void },
): Promise<CommandFailure | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'], signal: options.signal })
    const tail: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        tail.push(line)
        if (tail.length > 4) tail.shift()
        options.onLine?.(line)
      })
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') return
      resolve({ reason: error.code === 'ENOENT' ? `${command} is not on the PATH` : error.message })
    })
    child.once('close', (exitCode, killedBy) => {
      if (options.signal?.aborted) return reject(options.signal.reason)
      resolve(exitCode === 0 ? undefined : { exitCode: exitCode ?? undefined, reason: tail.join(' · ') || `ended by ${killedBy}` })
    })
  })
}
