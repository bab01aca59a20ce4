import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FoundProvider } from '../terraform/find-provider.ts'
import { region, terraformAwsEnvironment } from './aws-environment.ts'
import type { Closers } from './closers.ts'
import { installEmulator } from './emulator/install-emulator.ts'
import { createFront } from './front/create-front.ts'
import type { Layout } from './layout.ts'
import type { Progress } from './progress.ts'
import { serveEventHook } from './serve-event-hook.ts'
import type { Planes } from './start-planes.ts'

export interface AwsOptions {
  root: string
  place: Layout
  port: number
  /** The user's PATH, in which builds find Terraform. */
  path: string
  provider: FoundProvider
  progress: Progress
  closers: Closers
  signal: AbortSignal
  log(line: string): void
  onGivenUp(reason: string): void
}

export interface Aws {
  url: string
  stacksBundle: string
  /** From here on the ECS agent answers what runs, and events reach the platform's functions. */
  connect(planes: Planes): void
}

/** The emulator and the front before it: the one AWS endpoint of the sandbox. */
export async function startAws(options: AwsOptions): Promise<Aws> {
  const { root, place, port, path, provider, progress, closers, signal, log, onGivenUp } = options
  const buildEnvironment = (url: string) => ({
    ...terraformAwsEnvironment(url),
    PATH: `${join(root, 'dist', 'bin')}:${dirname(process.execPath)}:${path}`,
    HOME: place.home,
    GANTRY_PROVIDER_MIRROR: provider.mirrorDirectory,
  })
  let planes: Planes | undefined
  const python = await progress.step('installing the AWS emulator (once)', (say) =>
    installEmulator({ directory: join(root, '.gantry', 'venv'), onProgress: say, signal }),
  )
  const hook = await serveEventHook(async (name, event) => planes?.invokeLambda(name, event), log)
  closers.add(() => hook.close())
  mkdirSync(place.home, { recursive: true })
  const front = await progress.step('starting the AWS emulator', () =>
    createFront({
      port,
      emulator: { python, storeDirectory: place.emulator, eventHook: hook.url },
      truth: () => planes?.agent.truth,
      builds: { directory: place.builds, region, environment: buildEnvironment },
      onLog: log,
      onGivenUp,
    }),
  )
  closers.add(() => front.close())
  return {
    url: front.url,
    stacksBundle: join(root, 'dist', 'stacks', 'main.mjs'),
    connect: (started) => {
      planes = started
      closers.add(() => {
        planes = undefined
      })
    },
  }
}
