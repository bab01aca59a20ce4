import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Config, readConfig } from './config.ts'
import { createBridge } from './create-bridge.ts'
import type { Limits } from './limits.ts'
import { createLog } from './log.ts'

/** Runs until SIGTERM or SIGINT, then finishes calls in flight and exits 0. */
export async function runBridge(config: Config, limits?: Limits): Promise<void> {
  const log = createLog(process.stdout)
  const bridge = createBridge(config, log, limits)
  const stop = (signal: NodeJS.Signals) => {
    log('info', 'draining', { signal })
    bridge.drain().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('exit', bridge.kill)
  const { address, port } = await bridge.listen()
  log('info', 'listening', { address, port, server: config.serverId, type: config.server.type })
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await runBridge(await readConfig())
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(1)
  }
}
