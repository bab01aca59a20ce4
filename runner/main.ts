import { mintKey } from '../access/mint-key.ts'
import { createAwsClients } from '../aws/clients.ts'
import { connectStore } from '../store/store-context.ts'
import { parseConfig } from './config.ts'
import { runOnce } from './run-once.ts'
import { createRunnerPorts } from './steps/verify-server.ts'

const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stopped.abort(new Error(`The runner was asked to stop (${signal}).`)))
}

const fine: readonly string[] = ['SUCCEEDED', 'NO_CHANGES', 'AWAITING_REVIEW']

const work = async (): Promise<number> => {
  const config = parseConfig()
  const clients = createAwsClients(config)
  const store = connectStore(clients.dynamoDb, config.table)
  const status = await runOnce({ config, clients, store, ports: createRunnerPorts(mintKey), signal: stopped.signal })
  process.stdout.write(`run ${config.runId}: ${status}\n`)
  return fine.includes(status) ? 0 : 1
}

work().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`gantry-run: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
