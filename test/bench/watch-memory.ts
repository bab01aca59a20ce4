import { readdirSync, readFileSync } from 'node:fs'

const everyMilliseconds = 200
const pageBytes = 4096
const bytesPerMiB = 1024 * 1024

interface Found {
  readonly pid: number
  readonly parent: number
  readonly rssPages: number
}

function read(pid: string, file: 'stat' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    // It ended before its turn.
    return ''
  }
}

function processes(): Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const stat = read(pid, 'stat')
      // Behind the command's closing bracket: state, parent, …; the 22nd is the resident set.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return stat ? [{ pid: Number(pid), parent: Number(fields[1]), rssPages: Number(fields[21]) }] : []
    })
}

/** The processes of a run's build and all below them: only the build's own have the run's id in their environment. */
function ofRun(runId: string): Found[] {
  const all = processes()
  const inside = new Set(all.filter(({ pid }) => read(String(pid), 'environ').includes(`RUN_ID=${runId}`)).map(({ pid }) => pid))
  for (let before = -1; before !== inside.size; ) {
    before = inside.size
    for (const { pid, parent } of all) if (inside.has(parent)) inside.add(pid)
  }
  return all.filter(({ pid }) => inside.has(pid))
}

/** Samples the summed resident memory of a run's processes; pages that several share count for each. */
export function watchMemory() {
  let runId: string | undefined
  let mostPages = 0
  const timer = setInterval(() => {
    if (runId)
      mostPages = Math.max(
        mostPages,
        ofRun(runId).reduce((sum, { rssPages }) => sum + rssPages, 0),
      )
  }, everyMilliseconds)
  return {
    follow(id: string): void {
      runId = id
    },
    /** The most it was at once, in MiB. */
    stop(): number {
      clearInterval(timer)
      return (mostPages * pageBytes) / bytesPerMiB
    },
  }
}
