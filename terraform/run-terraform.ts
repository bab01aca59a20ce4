import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'

export interface TerraformOptions {
  /** The binary; default `terraform` on the PATH of `env`. */
  readonly terraform?: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onLine?: (line: string) => void
  /** Standard output goes there as it comes, besides being kept. */
  readonly stdoutFile?: string
  /** Aborting interrupts Terraform once: it saves, frees its lock and exits. */
  readonly signal?: AbortSignal
}

export interface TerraformResult {
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

export interface TerraformProcess {
  readonly pid: number | undefined
  /** One SIGINT to Terraform itself; a second would make it quit without saving, so later calls do nothing. */
  interrupt(): void
  readonly done: Promise<TerraformResult>
}

/** Providers can outlive a killed Terraform: whatever is left of the group goes with it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is empty: that is the usual end.
  }
}

/** Starts Terraform in a process group of its own, so that an interrupt of ours stays the only one it gets. */
export function startTerraform(options: TerraformOptions): TerraformProcess {
  const started = performance.now()
  const child = spawn(options.terraform ?? 'terraform', [...options.args], {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk))
  if (options.stdoutFile) child.stdout.pipe(createWriteStream(options.stdoutFile))
  const { onLine } = options
  if (onLine) createInterface({ input: child.stdout }).on('line', onLine)

  let interrupted = false
  const interrupt = (): void => {
    if (interrupted || child.pid === undefined || child.exitCode !== null) return
    interrupted = true
    child.kill('SIGINT')
  }
  options.signal?.addEventListener('abort', interrupt, { once: true })
  if (options.signal?.aborted) interrupt()

  const done = new Promise<TerraformResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => killGroup(child.pid))
    child.once('close', (exitCode, signal) => {
      options.signal?.removeEventListener('abort', interrupt)
      resolve({
        exitCode,
        signal,
        stdout: Buffer.concat(chunks.stdout).toString('utf8'),
        stderr: Buffer.concat(chunks.stderr).toString('utf8'),
        seconds: (performance.now() - started) / 1000,
      })
    })
  })
  return { pid: child.pid, interrupt, done }
}
