import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Layout } from './layout.ts'

/**
 * Kills what a sandbox on this directory started and what is still there after its end: builds, Terraform, and what is below them.
 * An old Terraform would otherwise go on against the next emulator, which has the old one's port. Returns how many they were.
 */
export function endLeftOvers(place: Layout): number {
  // Whole variables that no other process has: a build's HOME, the platform's Terraform, a task without a view of its own.
  const marks = [`\0HOME=${place.home}\0`, `\0TF_CLI_CONFIG_FILE=${join(place.platform, 'terraform.rc')}\0`, `\0HOME=${place.tasks}/`]
  const killed = new Set<number>()
  // Whoever was being forked meanwhile is found in the next round.
  for (let found = withMark(marks, killed); found.length > 0; found = withMark(marks, killed)) {
    for (const pid of found) {
      killed.add(pid)
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has just ended by itself.
      }
    }
  }
  return killed.size
}

function withMark(marks: readonly string[], known: ReadonlySet<number>): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid && !known.has(pid) && has(marks, pid))
  } catch {
    return []
  }
}

function has(marks: readonly string[], pid: number): boolean {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`
    return marks.some((mark) => environment.includes(mark))
  } catch {
    return false
  }
}
