import { readdirSync, readFileSync } from 'node:fs'

const microsecondsPerTick = 10_000
const pageBytes = 4096

/** Behind the command's closing bracket: state, parent, …; empty where the process has ended. */
function readStat(pid: number | string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** What a process has used so far, without its children. */
export function cpuMicroseconds(pid: number): number {
  const fields = readStat(pid)
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick
}

export function rssBytes(pid: number): number {
  return Number(readStat(pid)[21]) * pageBytes
}

export function isAlive(pid: number): boolean {
  const [state] = readStat(pid)
  return state !== undefined && state !== 'Z'
}

/** Every process below this one. */
export function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(readStat(name)[1]) }))
  const below = (parent: number): number[] =>
    parents.filter((found) => found.parent === parent).flatMap((found) => [found.pid, ...below(found.pid)])
  return below(pid)
}
