import type { TestProject } from 'vitest/node'
import { installEmulator } from '../../sandbox/emulator/install-emulator.ts'
import { startEmulator } from '../../sandbox/emulator/start-emulator.ts'
import { venvDirectory } from './venv-directory.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** One emulator for all files of the project `aws`, in memory; use names of your own. */
    emulatorUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const python = await installEmulator({ directory: venvDirectory, onProgress: (line) => console.log(line) })
  const emulator = await startEmulator({ python })
  project.provide('emulatorUrl', emulator.url)
  return () => emulator.stop()
}
