import { readdirSync, readFileSync } from 'node:fs'

/** A process, and when it started: its number alone may come again. */
export interface SeenProcess {
  readonly pid: number
  readonly startedAt: string
  readonly command: string
}

interface Entry extends SeenProcess {
  readonly parent: number
  readonly environment: string
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function readProcess(pid: number): Entry | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // The name in parentheses may hold spaces.
  const [state, parent = '0', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (!stat || state === 'Z') return undefined
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
  return { pid, parent: Number(parent), startedAt: rest[17] ?? '', command, environment: read(`/proc/${pid}/environ`) }
}

/** Processes of a sandbox that have the server's id in their environment, and all that these started. */
export function listProcesses(sandboxPid: number, serverId: string): SeenProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const all = new Map(pids.flatMap((pid) => readProcess(Number(pid)) ?? []).map((entry) => [entry.pid, entry]))
  const ancestors = (entry: Entry): Entry[] => {
    const parent = all.get(entry.parent)
    return parent ? [parent, ...ancestors(parent)] : []
  }
  const named = (entry: Entry) => entry.environment.split('\0').includes(`GANTRY_SERVER_ID=${serverId}`)
  // One that lost its parent may be anybody's, so it counts; a child of another sandbox does not.
  const elsewhere = (entry: Entry) => ancestors(entry).some(({ pid, command }) => pid !== sandboxPid && command.includes('sandbox/main.ts'))
  return [...all.values()]
    .filter((entry) => !elsewhere(entry) && [entry, ...ancestors(entry)].some(named))
    .map(({ pid, startedAt, command }) => ({ pid, startedAt, command }))
}

export const stillAlive = (seen: readonly SeenProcess[]): SeenProcess[] =>
  seen.filter(({ pid, startedAt }) => readProcess(pid)?.startedAt === startedAt)
