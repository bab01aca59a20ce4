import { readdirSync, readFileSync } from 'node:fs'
import { isAlive } from '../process-identity.ts'
import type { BuildRecord } from './build-record.ts'

/**
 * Kills what is left of a build that an earlier sandbox ran; returns how many processes that were.
 * The leader is known by pid and start time, so that a later process with its pid is left alone; the others by the
 * build's id in their environment, where the system shows it.
 */
export function killLeftOver({ build, process: leader }: Pick<BuildRecord, 'build' | 'process'>): number {
  const killed = new Set<number>()
  const kill = (pid: number): void => {
    killed.add(pid)
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has just ended by itself.
    }
  }
  if (leader && isAlive(leader)) kill(leader.pid)
  // Whoever was being forked meanwhile is found in the next round.
  for (let found = withBuildId(build.id); found.some((pid) => !killed.has(pid)); found = withBuildId(build.id)) found.forEach(kill)
  return killed.size
}

function withBuildId(buildId: string): number[] {
  const mark = `CODEBUILD_BUILD_ID=${buildId}\0`
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(mark))
  } catch {
    return []
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}
