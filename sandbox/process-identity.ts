import { readFileSync } from 'node:fs'

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  pid: number
  /** Clock ticks since boot at which it started; '' where the system does not tell. */
  startTime: string
}

export const identify = (pid: number): ProcessIdentity => ({ pid, startTime: readStat(pid).startTime })

/** True when that very process still runs; one that is dead and only waits for its parent to notice does not. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = readStat(pid)
  return now.startTime === startTime && !['Z', 'X'].includes(now.state)
}

function readStat(pid: number): { state: string; startTime: string } {
  try {
    // Fields 3 and 22 of /proc/<pid>/stat, counted behind the command's closing bracket (the command may hold spaces).
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startTime: fields[19] ?? '' }
  } catch {
    return { state: '', startTime: '' }
  }
}
