import { readdirSync, readFileSync } from 'node:fs'
import { identify, isAlive, type ProcessIdentity } from '../../sandbox/process-identity.ts'

export interface FamilyMember extends ProcessIdentity {
  command: string
}

/** A process and all that is below it now, in whatever session, group or namespace. */
export function familyOf(pid: number): FamilyMember[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  )
  const found = [pid]
  for (const ancestor of found) for (const [child, parent] of parents) if (parent === ancestor) found.push(child)
  return found.map((member) => ({ ...identify(member), command: read(`/proc/${member}/cmdline`).replaceAll('\0', ' ') }))
}

/** Those that still run. */
export const survivors = (family: readonly FamilyMember[]): FamilyMember[] => family.filter(isAlive)

function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
