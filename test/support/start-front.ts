import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installEmulator } from '../../sandbox/emulator/install-emulator.ts'
import { createFront, type Front, type FrontOptions } from '../../sandbox/front/create-front.ts'
import { venvDirectory } from './venv-directory.ts'

export interface TestFront extends Front {
  readonly directory: string
  readonly log: string[]
  /** What AWS SDK clients of this front want. */
  readonly client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } }
}

interface TestFrontOptions extends Partial<Omit<FrontOptions, 'emulator' | 'builds'>> {
  readonly directory?: string
  readonly graceSeconds?: number
  readonly eventHook?: string
}

/** A front of one's own over a directory of one's own; name an earlier one's directory to start on it again. */
export async function startFront(options: TestFrontOptions = {}): Promise<TestFront> {
  const { directory = mkdtempSync(join(tmpdir(), 'gantry-front-')), graceSeconds = 2, eventHook, ...rest } = options
  const log: string[] = []
  const python = await installEmulator({ directory: venvDirectory })
  const front = await createFront({
    onLog: (line) => log.push(line),
    builds: {
      directory: join(directory, 'builds'),
      region: 'us-east-1',
      graceSeconds,
      environment: (url) => ({ PATH: '/usr/bin:/bin', HOME: '/nonexistent', AWS_ENDPOINT_URL: url }),
    },
    ...rest,
    emulator: { python, storeDirectory: join(directory, 'emulator'), ...(eventHook && { eventHook }) },
  })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return { ...front, directory, log, client: { endpoint: front.url, region: 'us-east-1', credentials } }
}

export async function removeFront(front: TestFront): Promise<void> {
  await front.close()
  rmSync(front.directory, { recursive: true, force: true })
}
