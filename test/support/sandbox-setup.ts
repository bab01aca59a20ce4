import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type SandboxDescription, type SandboxProcess, startSandboxProcess } from './sandbox-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `ready.json` tells of the sandbox, once there is one. */
    sandboxHome: string
  }
}

/** What `ready.json` holds. */
export type Ready =
  | {
      /** One whole sandbox for all files that harm nothing, and what it printed until it listened. */
      sandbox: SandboxDescription & { directory: string; printed: string }
      /** A sandbox's directory with the platform applied and nothing else, stopped: copy it to have one of your own. */
      template: string
    }
  | { error: string }

/** Begins the sandbox and waits for nothing: files that need it import shared-sandbox.ts, and all others run meanwhile. */
export default function setup(project: TestProject): () => Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'gantry-e2e-'))
  project.provide('sandboxHome', home)
  const begun = begin(home)
  begun.then(
    ({ output, ended, stop, kill, ...description }) =>
      tell(home, { sandbox: { ...description, printed: output() }, template: join(home, 'template') }),
    (error: Error) => tell(home, { error: error.message }),
  )
  return async () => {
    await begun.then((sandbox) => sandbox.stop()).catch(() => {})
    rmSync(home, { recursive: true, force: true })
  }
}

/** The platform is applied once; every further sandbox starts from a copy. */
async function begin(home: string): Promise<SandboxProcess> {
  const template = join(home, 'template')
  const first = await startSandboxProcess({ directory: template })
  await first.stop()
  cpSync(template, join(home, 'shared'), { recursive: true })
  // The template's ports stay free for its other copies, which then need no apply for another URL.
  rmSync(join(home, 'shared', 'ports.json'))
  return startSandboxProcess({ directory: join(home, 'shared') })
}

function tell(home: string, ready: Ready): void {
  writeFileSync(join(home, 'draft.json'), JSON.stringify(ready))
  renameSync(join(home, 'draft.json'), join(home, 'ready.json'))
}
