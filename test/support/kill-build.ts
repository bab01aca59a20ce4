import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildRecord } from '../../sandbox/codebuild/build-record.ts'

/** SIGKILL to the process group of a run's build, as if its container had been taken away. */
export function killBuild(directory: string, buildId: string): void {
  const records = join(directory, 'builds', 'records')
  const all = readdirSync(records)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(records, name), 'utf8')) as BuildRecord)
  const leader = all.find(({ build }) => build.id === buildId)?.process
  if (!leader) throw new Error(`no process is known of build ${buildId}`)
  process.kill(-leader.pid, 'SIGKILL')
}
