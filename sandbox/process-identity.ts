import { readFileSync } from 'node:fs'

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  pid: number
  /** Clock ticks since boot at which it started; '' where the system does not tell. */
  startTime: string
}

export function identify(pid: number): ProcessIdentity {
  try {
    // Field 22 of /proc/<pid>/stat, counted behind the command's closing bracket (the command may hold spaces).
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return { pid, startTime: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '' }
  } catch {
    return { pid, startTime: '' }
  }
}

/** True when that very process still runs. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return identify(pid).startTime === startTime
}
