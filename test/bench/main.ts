import { parseArgs } from 'node:util'
import { useSandboxCredentials } from '../../sandbox/config.ts'
import { createBench, type Measure } from './bench.ts'
import { firstToolsList } from './first-tools-list.ts'
import { hops } from './hops.ts'
import { listServers } from './list-servers.ts'
import { manyServers } from './many-servers.ts'
import { ready } from './ready.ts'
import { restart } from './restart.ts'
import { runMemory } from './run-memory.ts'
import { runOverhead } from './run-overhead.ts'
import { summarizePlan } from './summarize-plan.ts'
import { synth } from './synth.ts'
import { formatTable, type Row } from './table.ts'

const measurements: Readonly<Record<string, Measure>> = {
  ready,
  tools: firstToolsList,
  overhead: runOverhead,
  memory: runMemory,
  hops,
  list: listServers,
  many: manyServers,
  summary: summarizePlan,
  synth,
  restart,
}
const names = Object.keys(measurements)

const help = `Usage: npm run bench [-- --only ${names.slice(0, 2).join(',')}] [-- --runs 3] [-- --lives 50] [-- --real-lives 2] [-- --from <directory>]

Measures the sandbox on this machine and prints one table. Progress goes to standard error.

  --only <a,b>        of ${names.join(', ')} (default: all, about 20 minutes)
  --runs <n>          how often each is measured, for the median (default 3)
  --lives <n>         server lives before the restart (default 50)
  --real-lives <n>    how many of them go through the API; the AWS writes of these are done again for the rest (default 2)
  --from <directory>  a stopped sandbox without servers, to copy instead of applying a platform first
`

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: names.join(',') },
    runs: { type: 'string', default: '3' },
    lives: { type: 'string', default: '50' },
    'real-lives': { type: 'string', default: '2' },
    from: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

function count(option: 'runs' | 'lives' | 'real-lives'): number {
  const number = Number(values[option])
  if (Number.isInteger(number) && number > 0) return number
  throw new Error(`--${option} is ${JSON.stringify(values[option])}; expected a whole number above 0.`)
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(help)
  const picked = values.only.split(',')
  const unknown = picked.find((name) => !measurements[name])
  if (unknown !== undefined) throw new Error(`--only ${unknown}: expected some of ${names.join(', ')}.`)
  useSandboxCredentials()
  const started = performance.now()
  const say = (line: string) => process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${line}\n`)
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort(new Error('interrupted')))
  const { signal } = stop
  const stopped = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  stopped.catch(() => {})
  const [runs, lives, realLives] = [count('runs'), count('lives'), count('real-lives')]
  const bench = createBench({ runs, lives, realLives, from: values.from, say, signal })
  const rows: Row[] = []
  try {
    for (const name of picked) rows.push(...((await Promise.race([measurements[name]?.(bench), stopped])) ?? []))
  } finally {
    await bench.close()
    process.stdout.write(`${formatTable(rows)}\n`)
  }
}

main().then(
  () => process.exit(),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  },
)
