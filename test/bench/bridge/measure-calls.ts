import { times } from '../bench.ts'
import type { BridgeBench } from './bridge-bench.ts'
import { type Warm, warmUp } from './drive.ts'
import { createFigure, type Figure, type Report } from './figure.ts'
import { everythingChild, referenceName } from './fronts.ts'
import { startFront } from './start-front.ts'

type Bounds = Pick<Figure, 'bar' | 'aim'>

const atLeast = (least: number) => ({ of: 'comparison', least }) as const

/** Echo calls in one session of each front, in rounds that take turns so that noise hits all alike. */
export async function measureCalls({ fronts, programs, rounds, seconds, say }: BridgeBench): Promise<Report> {
  const started: Warm[] = []
  for (const front of fronts) {
    say(`calls: starting ${front.name}`)
    started.push(await warmUp(await startFront(front, everythingChild(programs))))
  }
  const levels = [
    figuresAt(1, { aim: atLeast(5) }, { p50: { bar: { of: 'comparison', most: 0.5 } } }),
    figuresAt(8, { bar: atLeast(2), aim: atLeast(3) }),
    figuresAt(32, { bar: atLeast(2), aim: atLeast(3.5) }, { cpu: { bar: { of: 'value', most: 150 }, aim: { of: 'value', most: 90 } } }),
  ]
  await times(rounds, async (round) => {
    say(`calls: round ${round + 1} of ${rounds}`)
    for (const { inFlight, perSecond, p50, p99, cpu } of levels) {
      for (const { name, drive } of started) {
        const load = await drive(inFlight, seconds).catch((error: Error) => say(`  ${name} failed: ${error.message}`))
        if (!load) continue
        perSecond.add(name, load.callsPerSecond)
        p50.add(name, load.p50)
        p99.add(name, load.p99)
        cpu.add(name, load.cpuPerCall)
      }
    }
  })
  const figures = levels.flatMap(({ perSecond, p50, p99, cpu }) => [perSecond, p50, p99, cpu])
  return { title: 'calls', columns: fronts.map(({ name }) => name), reference: referenceName, comparedBy: 'ratio', figures }
}

function figuresAt(inFlight: number, bounds: Bounds, more: { p50?: Bounds; cpu?: Bounds } = {}) {
  return {
    inFlight,
    perSecond: createFigure(`c = ${inFlight}: calls/s`, 0, bounds),
    p50: createFigure('  p50, ms', 2, more.p50),
    p99: createFigure('  p99, ms', 2),
    cpu: createFigure('  CPU of the front, µs a call', 0, more.cpu),
  }
}
