import type { Limits } from '../../../bridge/limits.ts'
import { startBridge } from './start-bridge.ts'

export const sessionSecret = 'what all tasks of one server know'

/** Two bridges of one server, each on an address of its own. */
export async function startTasks(env: Record<string, string> = {}, limits: Partial<Limits> = {}) {
  const start = (host: string) => startBridge({ GANTRY_HOST: host, GANTRY_SESSION_SECRET: sessionSecret, ...env }, limits)
  return { here: await start('127.0.0.2'), there: await start('127.0.0.3') }
}
