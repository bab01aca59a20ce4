import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'

/** A child's exit code as a container runtime reports it: 128 + signal, and 127 where it could not be started. */
export function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}
