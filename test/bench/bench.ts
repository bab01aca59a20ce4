import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SandboxProcess, startSandboxProcess } from '../support/sandbox-process.ts'
import { type LifeMode, measureLife, type ServerLife } from './server-life.ts'
import type { Row } from './table.ts'

export interface BenchOptions {
  /** How often what is not said to be done once is measured. */
  readonly runs: number
  /** Server lives before the restart, and how many of them are real. */
  readonly lives: number
  readonly realLives: number
  /** A stopped sandbox's directory to begin with, instead of applying a platform first. */
  readonly from: string | undefined
  readonly say: (line: string) => void
  /** Aborted when the bench is stopped: whoever starts a process ends it then. */
  readonly signal: AbortSignal
}

/** What every measurement is given. All sandboxes are copies of one and keep its ports, so only one of them runs at a time. */
export interface Bench extends BenchOptions {
  /** Removed at the end. */
  readonly home: string
  /** A directory with the platform and no servers, nothing running on it; the same name gives the same directory. */
  directory(name: string): Promise<string>
  /** Starts a sandbox there, unless it is the one that runs. */
  start(directory: string): Promise<SandboxProcess>
  stop(): Promise<void>
  /** Lives of the example server, measured once for all who read them. */
  serverLives(mode: LifeMode): Promise<readonly ServerLife[]>
  close(): Promise<void>
}

export type Measure = (bench: Bench) => Promise<Row[]>

export function createBench(options: BenchOptions): Bench {
  const home = mkdtempSync(join(tmpdir(), 'gantry-bench-'))
  const known = new Map<LifeMode, Promise<ServerLife[]>>()
  let running: { directory: string; sandbox: Promise<SandboxProcess> } | undefined

  const stop = async (): Promise<void> => {
    const last = await running?.sandbox.catch(() => undefined)
    running = undefined
    await last?.stop()
  }
  const start = async (directory: string): Promise<SandboxProcess> => {
    if (running?.directory === directory) return running.sandbox
    await stop()
    running = { directory, sandbox: startSandboxProcess({ directory }) }
    const sandbox = await running.sandbox
    for (const [, step] of sandbox.output().matchAll(/✓ (.*)/g)) options.say(`  ${step}`)
    return sandbox
  }
  const template = async (): Promise<string> => {
    const directory = join(home, 'template')
    if (existsSync(directory)) return directory
    if (options.from) cpSync(options.from, directory, { recursive: true })
    options.say('making the platform that all sandboxes are copies of')
    await start(directory)
    await stop()
    return directory
  }
  const bench: Bench = {
    ...options,
    home,
    start,
    stop,
    async directory(name) {
      const directory = join(home, name)
      if (!existsSync(directory)) cpSync(await template(), directory, { recursive: true })
      return directory
    },
    serverLives(mode) {
      const lives = known.get(mode) ?? times(options.runs, async () => measureLife(bench, mode))
      known.set(mode, lives)
      return lives
    },
    async close() {
      await stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
  return bench
}

/** One after the other. */
export async function times<T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let index = 0; index < count; index += 1) results.push(await act(index))
  return results
}

export async function timed<T>(act: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const started = performance.now()
  const result = await act()
  return { result, seconds: (performance.now() - started) / 1000 }
}
