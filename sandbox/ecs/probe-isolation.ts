import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { StartContainer } from './container-process.ts'
import { isolatedContainers } from './isolated-container.ts'
import { plainContainers } from './plain-container.ts'

export interface Isolation {
  readonly start: StartContainer
  /** Why containers have no view of their own; absent where they have. */
  readonly refused?: string
}

async function works(start: StartContainer, scratch: string): Promise<string | undefined> {
  mkdirSync(scratch, { recursive: true })
  try {
    const mounts = [{ kind: 'tmpfs', target: '/tmp', options: 'mode=1777' } as const]
    const plan = {
      scratch,
      argv: ['true'] as const,
      environment: { PATH: '/usr/bin:/bin' },
      workingDirectory: '/',
      readOnlyRoot: true,
      mounts,
    }
    const code = await (await start({ ...plan, onOutput: () => undefined })).exited
    return code === 0 ? undefined : `a trial container ended with exit code ${code}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Finds out, by doing it once, whether containers can have namespaces of their own here. */
export async function probeIsolation(directory: string): Promise<Isolation> {
  const scratch = join(directory, 'trial')
  const isolated = isolatedContainers(true)
  const refused = await works(isolated, scratch)
  if (refused === undefined) return { start: isolated }
  const privileged = isolatedContainers(false)
  if ((await works(privileged, scratch)) === undefined) return { start: privileged }
  const guard = ['setpriv', '--pdeathsig', 'KILL', '--']
  const guarded = spawnSync('setpriv', ['--pdeathsig', 'KILL', '--', 'true']).status === 0
  return { start: plainContainers(guarded ? guard : []), refused }
}
