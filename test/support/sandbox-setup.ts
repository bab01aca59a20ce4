import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type SandboxDescription, startSandboxProcess } from './sandbox-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** One whole sandbox for all files that harm nothing. */
    sandbox: SandboxDescription
    /** Everything it keeps is below this. */
    sandboxDirectory: string
    /** A sandbox's directory with the platform applied and nothing else, stopped: copy it to have one of your own. */
    template: string
  }
}

/** The platform is applied once; every further sandbox starts from a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'gantry-e2e-'))
  const template = join(home, 'template')
  const first = await startSandboxProcess({ directory: template })
  await first.stop()
  cpSync(template, join(home, 'shared'), { recursive: true })
  const shared = await startSandboxProcess({ directory: join(home, 'shared') })
  const { output, stop, kill, directory, ...description } = shared
  project.provide('sandbox', description)
  project.provide('sandboxDirectory', directory)
  project.provide('template', template)
  return async () => {
    await stop()
    rmSync(home, { recursive: true, force: true })
  }
}
