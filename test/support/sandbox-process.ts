import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `.gantry/sandbox.json` holds while a sandbox runs. */
export interface SandboxDescription {
  url: string
  adminKey: string
  pid: number
  emulatorUrl: string
  region: string
  artifactsBucket: string
  stateBucket: string
  providerVersion: string
  edge: 'alb' | 'nlb'
  /** Where plans are reviewed: a bare repository on this machine. */
  reviewRepository: string
}

export interface SandboxProcess extends SandboxDescription {
  directory: string
  /** Everything it printed so far. */
  output(): string
  /** Its exit code, when it ends. */
  ended: Promise<number | null>
  /** Ctrl-C; resolves with the exit code when the process is gone. */
  stop(): Promise<number | null>
  kill(): Promise<void>
}

export interface SandboxOptions {
  directory: string
  arguments?: string[]
  port?: number
  environment?: NodeJS.ProcessEnv
}

/** Starts a sandbox as `npm start` does and resolves when it listens; rejects with what it printed when it ends before. */
export async function startSandboxProcess(options: SandboxOptions): Promise<SandboxProcess> {
  const { child, output, ended, says } = spawnSandbox(options)
  await says('Gantry listens on')
  const signal = async (name: NodeJS.Signals) => {
    child.kill(name)
    return ended
  }
  return {
    ...(JSON.parse(readFileSync(join(options.directory, 'sandbox.json'), 'utf8')) as SandboxDescription),
    directory: options.directory,
    output,
    ended,
    stop: () => signal('SIGINT'),
    kill: async () => void (await signal('SIGKILL')),
  }
}

export interface SpawnedSandbox {
  child: ChildProcess
  output(): string
  ended: Promise<number | null>
  /** Resolves when it has printed the text; rejects with what it printed when it ends before. */
  says(text: string): Promise<void>
}

/** The same, without waiting for anything but what the caller asks. */
export function spawnSandbox({ directory, arguments: more = [], port = 0, environment = {} }: SandboxOptions): SpawnedSandbox {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/main.ts', ...more], {
    cwd: root,
    env: { ...process.env, GANTRY_DIRECTORY: directory, GANTRY_PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const says = (wanted: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => text.includes(wanted) && resolve()
      child.stdout?.on('data', look)
      look()
      void ended.then((code) => reject(new Error(`the sandbox ended with ${code}:\n${text}`)))
    })
  return { child, output: () => text, ended, says }
}

/** Command lines of processes that have this directory among their arguments or in their environment. */
export function processesOf(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        const mine = commandLine.includes(directory) || readFileSync(`/proc/${pid}/environ`, 'utf8').includes(directory)
        return mine ? [`${pid} ${commandLine.replaceAll('\0', ' ')}`] : []
      } catch {
        return []
      }
    })
}
