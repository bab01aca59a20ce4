import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installEmulator } from '../../sandbox/emulator/install-emulator.ts'
import { venvDirectory } from '../support/venv-directory.ts'
import { serveApi } from './serve-api.ts'

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export interface Fuzzing {
  /** For each operation, in each phase that draws. */
  readonly examples: number
  readonly seed: number
}

/** Lets schemathesis call every operation as its document allows and forbids; what it printed, and what the API logged of its own failures. */
export async function runSchemathesis({ examples, seed }: Fuzzing): Promise<{ exitCode: number; output: string; logged: object[] }> {
  const python = await installEmulator({ directory: venvDirectory, requirements: file('requirements.txt') })
  const directory = mkdtempSync(join(tmpdir(), 'gantry-schemathesis-'))
  const api = await serveApi()
  const args = [
    ...[
      '--no-color',
      '--config-file',
      file('schemathesis.toml'),
      'run',
      `${api.url}/openapi.json`,
      '--header',
      `Authorization: Bearer ${api.token}`,
    ],
    ...['--seed', String(seed), '--max-examples', String(examples), '--phases', 'examples,coverage,fuzzing,stateful'],
    ...['--continue-on-failure', '--warnings', 'off'],
  ]
  try {
    return await new Promise((resolve, reject) => {
      const options = { cwd: directory, maxBuffer: 64 * 1024 * 1024 }
      execFile(python, ['-m', 'schemathesis.cli', ...args], options, (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error)
        else resolve({ exitCode: Number(error?.code ?? 0), output: stdout + stderr, logged: api.logged })
      })
    })
  } finally {
    await api.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
