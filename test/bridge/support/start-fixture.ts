import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { fixture } from './start-bridge.ts'

/** Starts a program of fixtures/ that listens and prints its port; it ends with the test. */
export async function startFixture(name: string, env: Record<string, string> = {}): Promise<number> {
  const child = spawn(process.execPath, [fixture(name)], { env: { PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill())
  const [line] = await once(child.stdout, 'data')
  return Number(String(line))
}
