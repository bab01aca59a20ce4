import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { installEmulator } from '../../sandbox/emulator/install-emulator.ts'
import { type Emulator, type StartEmulatorOptions, startEmulator } from '../../sandbox/emulator/start-emulator.ts'
import { venvDirectory } from './venv-directory.ts'

/**
 * Starts an emulator of the test's own, and again on the same store; all are ended when the test is.
 * Each start takes any free port: another process may have taken the earlier one meanwhile.
 */
export function ownEmulator() {
  const storeDirectory = mkdtempSync(join(tmpdir(), 'gantry-emulator-'))
  const started: Emulator[] = []
  onTestFinished(async () => {
    await Promise.all(started.map((emulator) => emulator.stop()))
    rmSync(storeDirectory, { recursive: true, force: true })
  })
  return {
    storeDirectory,
    async start(options: Partial<StartEmulatorOptions> = {}): Promise<Emulator> {
      const python = await installEmulator({ directory: venvDirectory })
      const emulator = await startEmulator({ python, storeDirectory, ...options })
      started.push(emulator)
      return emulator
    },
    /** As `kill -9`, and waits until it is gone. */
    async kill(emulator: Emulator): Promise<void> {
      process.kill(emulator.pid, 'SIGKILL')
      await emulator.stop()
    },
  }
}

export const clientOf = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
})

const sign = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`

/** A call of the query protocol, for services whose client the project does not have. */
export async function query(endpoint: string, service: string, parameters: Record<string, string>): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: sign(service) },
    body: new URLSearchParams(parameters),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`${parameters.Action} answered ${response.status}: ${answer}`)
  return answer
}

/** The same for REST protocols; GET without a body. */
export async function callRest(endpoint: string, service: string, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: sign(service), 'content-type': 'application/json' }
  const response = await fetch(`${endpoint}${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return response.json()
}
