import { times } from '../bench.ts'
import type { BridgeBench } from './bridge-bench.ts'
import { warmUp } from './drive.ts'
import { createFigure, type Report } from './figure.ts'
import { bridge, everythingChild } from './fronts.ts'
import { beginSession, statelessCalls } from './mcp-session.ts'
import { startFront } from './start-front.ts'

/** A session's calls at its own task, the same through another task, and calls of the revision without sessions. */
export async function measurePaths({ bundles, programs, rounds, seconds, say }: BridgeBench): Promise<Report> {
  say('paths: starting')
  const start = () => startFront(bridge('gantry', bundles.gantry ?? ''), everythingChild(programs))
  const [own, other] = [await start(), await start()]
  const paths = [
    await warmUp({ ...own, front: { name: 'session' } }),
    await warmUp({ front: { name: 'forwarded' }, pid: other.pid, begin: () => beginSession(own, other.port) }),
    await warmUp({ front: { name: 'stateless' }, pid: own.pid, begin: () => statelessCalls(own) }),
  ]
  const p50 = createFigure('c = 1: p50, ms', 2)
  const perSecond = createFigure('c = 32: calls/s', 0)
  const cpu = createFigure('  CPU of the task that is called, µs a call', 0)
  await times(rounds, async (round) => {
    say(`paths: round ${round + 1} of ${rounds}`)
    for (const { name, drive } of paths) {
      p50.add(name, (await drive(1, seconds)).p50)
      const load = await drive(32, seconds)
      perSecond.add(name, load.callsPerSecond)
      cpu.add(name, load.cpuPerCall)
    }
  })
  return {
    title: 'paths',
    columns: paths.map(({ name }) => name),
    reference: 'session',
    comparedBy: 'ratio',
    figures: [p50, perSecond, cpu],
  }
}
