import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('main.py', import.meta.url))

export interface StartEmulatorOptions {
  /** The Python that `installEmulator` returned. */
  readonly python: string
  /** On 127.0.0.1; 0 or absent = any free one. */
  readonly port?: number
  /** Where its memory is kept; absent: in memory only. One emulator a directory. */
  readonly storeDirectory?: string
  /** Where events for Lambda targets are posted as `{ target, event }`. */
  readonly eventHook?: string
  readonly onLog?: (line: string) => void
  /** Called once when it ends without having been asked to; `mayRestart` is false when it would end the same way again. */
  readonly onExit?: (reason: string, mayRestart: boolean) => void
}

export interface Emulator {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Requests that were done again from the journal at start. */
  readonly replayed: number
  /** Saves what there is to save and ends the process; SIGKILL after ten seconds, which loses nothing either. */
  stop(): Promise<void>
}

interface Ready {
  readonly port: number
  readonly replayed: number
}

interface End {
  readonly reason: string
  readonly mayRestart: boolean
}

/** Its exit code when its store cannot be written (memory/durable.py). */
const cannotWrite = 74

/** Starts moto with our add-ons; resolves when it listens, rejects with one sentence when it cannot. */
export async function startEmulator(options: StartEmulatorOptions): Promise<Emulator> {
  const child = spawn(options.python, argumentsOf(options), {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Nothing of the caller's: no credentials, no proxy, no PYTHONPATH.
    env: {
      PYTHONHASHSEED: '0',
      PYTHONDONTWRITEBYTECODE: '1',
      // A web page must not read what is here.
      MOTO_DISABLE_GLOBAL_CORS: 'true',
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      AWS_ACCESS_KEY_ID: 'sandbox',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...(options.eventHook && { GANTRY_EVENT_HOOK: options.eventHook }),
    },
  })
  let stopping = false
  const said: string[] = []
  const ended = new Promise<End>((resolve) => {
    child.once('error', (error) => resolve({ reason: error.message, mayRestart: false }))
    child.once('close', (code, signal) => {
      const lastWord = signal ? undefined : said.findLast((line) => line !== '')
      resolve({ reason: lastWord ?? `it was ended by ${signal ?? `exit ${code}`}`, mayRestart: code !== cannotWrite })
    })
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line.trim())
    if (said.length > 20) said.shift()
    options.onLog?.(line)
  })

  const ready = await Promise.race([readiness(child), ended])
  if ('reason' in ready) throw new Error(`The AWS emulator did not start: ${ready.reason}`)
  void ended.then((end) => stopping || options.onExit?.(`The AWS emulator ended: ${end.reason}`, end.mayRestart))
  return {
    url: `http://127.0.0.1:${ready.port}`,
    port: ready.port,
    pid: child.pid as number,
    replayed: ready.replayed,
    async stop() {
      stopping = true
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(force)
    },
  }
}

function argumentsOf({ port = 0, storeDirectory }: StartEmulatorOptions): string[] {
  const store = storeDirectory === undefined ? [] : ['--store', storeDirectory]
  return ['-u', '-s', program, '--port', String(port), '--parent', String(process.pid), ...store]
}

/** The first line of its standard output says that it listens, and where. */
function readiness(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve) => {
    if (!child.stdout) return
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Ready))
  })
}
