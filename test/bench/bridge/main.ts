import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildBundles } from '../../../bundles.ts'
import { formatColumns } from '../table.ts'
import type { Measure } from './bridge-bench.ts'
import { reportLines } from './figure.ts'
import { bridge, otherFronts } from './fronts.ts'
import { installFronts } from './install-fronts.ts'
import { measureAnswers } from './measure-answers.ts'
import { measureCalls } from './measure-calls.ts'
import { measureLarge } from './measure-large.ts'
import { measurePaths } from './measure-paths.ts'
import { measureRelay } from './measure-relay.ts'
import { measureSessions } from './measure-sessions.ts'
import { measureStart } from './measure-start.ts'
import { measureStop } from './measure-stop.ts'
import { stopFronts } from './start-front.ts'

const measurements: Readonly<Record<string, Measure>> = {
  calls: measureCalls,
  relay: measureRelay,
  paths: measurePaths,
  start: measureStart,
  sessions: measureSessions,
  large: measureLarge,
  answers: measureAnswers,
  stop: measureStop,
}
const names = Object.keys(measurements)

const help = `Usage: npm run bench:bridge [-- --only ${names.slice(0, 2).join(',')}] [-- --rounds 3] [-- --seconds 2] [-- --against <bridge.mjs>]

Measures the bridge's bundle in front of server-everything beside server-everything's own HTTP mode, mcp-proxy and supergateway
(installed into .gantry/bench-bridge), and the relay beside direct calls. Prints medians; progress goes to standard error.

  --only <a,b>            of ${names.join(', ')} (default: all, about 5 minutes)
  --rounds <n>            in which all take turns (default 3)
  --seconds <n>           of each load (default 2)
  --against <bridge.mjs>  another build of the bridge, measured beside this one
  --without-others        the bridge and server-everything's HTTP mode only
`

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: names.join(',') },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    against: { type: 'string' },
    'without-others': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

function above0(option: 'rounds' | 'seconds'): number {
  const number = Number(values[option])
  if (number > 0) return number
  throw new Error(`--${option} is ${JSON.stringify(values[option])}; expected a number above 0.`)
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(help)
  const picked = values.only.split(',')
  const unknown = picked.find((name) => !measurements[name])
  if (unknown !== undefined) throw new Error(`--only ${unknown}: expected some of ${names.join(', ')}.`)
  const [rounds, seconds] = [Math.ceil(above0('rounds')), above0('seconds')]
  const started = performance.now()
  const say = (line: string) => process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${line}\n`)
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort(new Error('interrupted')))
  const stopped = new Promise<never>((_, reject) => stop.signal.addEventListener('abort', () => reject(stop.signal.reason)))
  stopped.catch(() => {})

  const home = join(process.cwd(), '.gantry', 'bench-bridge')
  const programs = await installFronts(home, say, stop.signal)
  await buildBundles(process.cwd(), join(home, 'dist'), ['bridge/main.ts'])
  const bundles = { gantry: join(home, 'dist/bridge/bridge.mjs'), ...(values.against && { against: values.against }) }
  const bridges = Object.entries(bundles).map(([name, bundle]) => bridge(name, bundle))
  const others = otherFronts(programs).filter(({ alone }) => alone || !values['without-others'])
  const bench = { fronts: [...bridges, ...others], bundles, programs, rounds, seconds, say }
  try {
    for (const name of picked) {
      const report = await Promise.race([measurements[name]?.(bench), stopped])
      await stopFronts()
      if (report) process.stdout.write(`${formatColumns(reportLines(report))}\n\n`)
    }
  } finally {
    await stopFronts()
  }
}

main().then(
  () => process.exit(),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  },
)
