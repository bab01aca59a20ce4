import { readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { claimDirectory } from './claim-directory.ts'
import { parseConfig, type SandboxConfig, useSandboxCredentials } from './config.ts'
import { endLeftOvers } from './end-left-overs.ts'
import { layout } from './layout.ts'
import { createProgress } from './progress.ts'
import { startSandbox } from './start-sandbox.ts'

const help = `Usage: npm start [-- --reset] [-- --help]

Runs Gantry on this machine: no AWS account, nothing but loopback.

  --reset   begin anew: forget every server, run and key
  --help    this text

  GANTRY_PORT             port of the one origin (default 8787; 0 = any free)
  GANTRY_DIRECTORY        where everything is kept (default .gantry)
  GANTRY_PLATFORM_FILE    JSON with settings of the platform: { "defaults": {…}, "review": {…} }
  GANTRY_PROVIDER_MIRROR  a Terraform filesystem mirror with the AWS provider
`

async function reset(config: SandboxConfig): Promise<void> {
  if (process.stdin.isTTY) {
    const line = createInterface({ input: process.stdin, output: process.stdout })
    const answer = await line.question(`Forget every server, run and key in ${config.directory}? [y/N] `)
    line.close()
    if (!/^y(es)?$/i.test(answer.trim())) throw new Error('Nothing was changed.')
  }
  const place = layout(config.directory)
  const release = claimDirectory(place)
  endLeftOvers(place)
  for (const path of Object.values(place))
    if (path !== place.directory && path !== place.lock) rmSync(path, { recursive: true, force: true })
  release()
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { reset: { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help) return void process.stdout.write(help)
  const config = parseConfig()
  if (values.reset) await reset(config)

  const stop = new AbortController()
  const endBecause = (reason: string) => {
    process.exitCode = 1
    stop.abort(new Error(reason))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(new Error('Stopping …')))
  // Whatever goes wrong in one corner, the processes that were started are stopped.
  process.on('uncaughtException', (error) => endBecause(`The sandbox met an error of its own and stops: ${error.stack}`))
  // The terminal may be gone, or the reader of a pipe.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const write = (line: string) => void process.stdout.write(`${line}\n`)
  useSandboxCredentials()
  try {
    await run(config, stop.signal, write, endBecause)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    // The start was cut short; what failed then, failed because of that.
    process.exitCode = 1
    write((stop.signal.reason as Error).message)
  }
}

async function run(
  config: SandboxConfig,
  signal: AbortSignal,
  write: (line: string) => void,
  onGivenUp: (reason: string) => void,
): Promise<void> {
  const sandbox = await startSandbox({ config, progress: createProgress(write, Date.now), signal, onGivenUp })
  if (!signal.aborted) {
    const definition = JSON.stringify(JSON.parse(readFileSync(new URL('../examples/everything-stdio.json', import.meta.url), 'utf8')))
    write('')
    write(
      `Gantry listens on ${sandbox.url} (docs: ${sandbox.url}/docs). Send the first definition: curl -sS -X POST ${sandbox.url}/servers -H "authorization: Bearer $(cat '${sandbox.adminKeyFile}')" -H 'content-type: application/json' -d '${definition}'`,
    )
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  }
  write((signal.reason as Error).message)
  await sandbox.close()
}

main().then(
  () => process.exit(),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`, () => process.exit(1))
  },
)
