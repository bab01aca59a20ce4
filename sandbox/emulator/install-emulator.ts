import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from './run-command.ts'

const defaultRequirements = fileURLToPath(new URL('requirements.txt', import.meta.url))

export interface InstallEmulatorOptions {
  /** Holds one virtual environment for each set of requirements; made when absent. Shared by sandboxes and tests. */
  readonly directory: string
  /** One line for each step and each package; nothing when all is there already. */
  readonly onProgress?: (line: string) => void
  readonly signal?: AbortSignal
  readonly python?: string
  readonly requirements?: string
}

/**
 * Makes the emulator's virtual environment once and returns its Python.
 * It is built beside its place and renamed when whole, so a killed install leaves nothing that looks done, and of two
 * at once the second uses what the first made. Throws one sentence with the fix.
 */
export async function installEmulator(options: InstallEmulatorOptions): Promise<string> {
  const { directory, signal, python = 'python3', requirements = defaultRequirements } = options
  const say = options.onProgress ?? (() => {})
  const home = join(directory, `emulator-${stampOf(requirements)}`)
  if (existsSync(pythonIn(home))) return pythonIn(home)

  const draft = `${home}.${process.pid}-${randomUUID().slice(0, 8)}.draft`
  prepare(directory)
  try {
    say('creating a Python environment for the AWS emulator')
    const venvFailure = await runCommand(python, ['-m', 'venv', draft], { signal })
    if (venvFailure) throw new Error(venvMessage(python, venvFailure.reason))
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--no-deps', '--only-binary', ':all:']
    const pipFailure = await runCommand(pythonIn(draft), [...pip, '--progress-bar', 'off', '-r', requirements], {
      signal,
      onLine: (line) => /^(Collecting|Installing)/.test(line) && say(line.replace(/^Collecting (\S+).*/, 'collecting $1').slice(0, 80)),
    })
    if (pipFailure) throw new Error(pipMessage(pipFailure.reason))
    takePlace(draft, home)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return pythonIn(home)
}

const pythonIn = (home: string) => join(home, 'bin', 'python')

const stampOf = (requirements: string) => createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)

/** Drafts of installs that were killed go; those of a process that lives stay. */
function prepare(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
    for (const name of readdirSync(directory)) {
      const pid = Number(/\.(\d+)-\w+\.draft$/.exec(name)?.[1])
      if (pid && !isRunning(pid)) rmSync(join(directory, name), { recursive: true, force: true })
    }
  } catch (error) {
    throw new Error(
      `The AWS emulator cannot be installed in ${directory} (${(error as Error).message}); free the disk or mend the permissions.`,
    )
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function takePlace(draft: string, home: string): void {
  if (existsSync(pythonIn(home))) return
  // A directory without a Python is a wreck: the system's Python that it pointed to has been replaced.
  rmSync(home, { recursive: true, force: true })
  try {
    renameSync(draft, home)
  } catch (error) {
    if (!existsSync(pythonIn(home))) throw error
  }
}

const venvMessage = (python: string, reason: string) =>
  `The AWS emulator needs Python 3.11 or later with its venv module, and \`${python} -m venv\` failed (${reason}); install both (Debian: apt install python3 python3-venv).`

const pipMessage = (reason: string) =>
  `pip could not install the AWS emulator (${reason}); check the network, or name a package index that answers with PIP_INDEX_URL, and start again.`
