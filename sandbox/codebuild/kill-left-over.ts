import { readdirSync, readFileSync } from 'node:fs'
import { isAlive } from '../process-identity.ts'
import type { BuildRecord } from './build-record.ts'

/**
 * Kills what is left of a build that an earlier sandbox ran; returns how many processes that were.
 * The leader is known by pid and start time, so that a later process with its pid is left alone; the others by the
 * build's id in their environment, where the system shows it.
 */
export function killLeftOver({ build, process: leader }: BuildRecord): number {
  const members = new Set(withBuildId(build.id))
  if (leader && isAlive(leader)) members.add(leader.pid)
  for (const pid of members) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      members.delete(pid)
    }
  }
  return members.size
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
