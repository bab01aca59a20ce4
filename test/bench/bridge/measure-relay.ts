import { fileURLToPath } from 'node:url'
import { times } from '../bench.ts'
import type { BridgeBench } from './bridge-bench.ts'
import { type Warm, warmUp } from './drive.ts'
import { createFigure, type Report } from './figure.ts'
import { bridge, type Front } from './fronts.ts'
import { startFront } from './start-front.ts'

const direct: Front = {
  name: 'direct',
  path: '/mcp',
  healthPath: '/healthz',
  headers: '',
  start: (port) => ({ args: [fileURLToPath(new URL('http-server.mjs', import.meta.url))], env: { PORT: String(port) } }),
}

/** What the bridge adds to calls of a server over HTTP that does next to nothing, against calls straight to it. */
export async function measureRelay({ bundles, rounds, seconds, say }: BridgeBench): Promise<Report> {
  say('relay: starting')
  const server = await startFront(direct, ['none'])
  const env = { GANTRY_SERVER_TYPE: 'http', GANTRY_UPSTREAM_PORT: String(server.port) }
  const relays = Object.entries(bundles).map(([name, bundle]) => startFront(bridge(name, bundle, env), ['none']))
  const started: Warm[] = []
  for (const running of [...(await Promise.all(relays)), server]) started.push(await warmUp(running))
  const p50 = createFigure('c = 1: p50, ms', 3, { bar: { of: 'comparison', most: 0.4 } })
  const busyP50 = createFigure('c = 32: p50, ms', 2)
  const perSecond = createFigure('  calls/s', 0)
  const cpu = createFigure('  CPU of the process, µs a call', 0, { bar: { of: 'value', most: 60 } })
  await times(rounds, async (round) => {
    say(`relay: round ${round + 1} of ${rounds}`)
    for (const { name, drive } of started) {
      p50.add(name, (await drive(1, seconds)).p50)
    }
    for (const { name, drive } of started) {
      const load = await drive(32, seconds)
      busyP50.add(name, load.p50)
      perSecond.add(name, load.callsPerSecond)
      cpu.add(name, load.cpuPerCall)
    }
  })
  const columns = started.map(({ name }) => name)
  return { title: 'relay', columns, reference: direct.name, comparedBy: 'difference', figures: [p50, busyP50, perSecond, cpu] }
}
