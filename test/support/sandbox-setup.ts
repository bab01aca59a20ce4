import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type SandboxDescription, startSandboxProcess } from './sandbox-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** One whole sandbox for all files that harm nothing, and what it printed until it listened. */
    sandbox: SandboxDescription & { directory: string; printed: string }
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
  // The template's ports stay free for its other copies, which then need no apply for another URL.
  rmSync(join(home, 'shared', 'ports.json'))
  const { output, ended, stop, kill, ...description } = await startSandboxProcess({ directory: join(home, 'shared') })
  project.provide('sandbox', { ...description, printed: output() })
  project.provide('template', template)
  return async () => {
    await stop()
    rmSync(home, { recursive: true, force: true })
  }
}
