import { setTimeout as sleep } from 'node:timers/promises'
import { times } from '../bench.ts'
import { type BridgeBench, eachFront } from './bridge-bench.ts'
import { createFigure, type Report } from './figure.ts'
import { everythingChild, referenceName } from './fronts.ts'
import { rssBytes } from './process-facts.ts'
import { startFront } from './start-front.ts'

/** From the start of the process to its listening, and its memory once it is quiet. */
export async function measureStart({ fronts, programs, rounds, say }: BridgeBench): Promise<Report> {
  const listening = createFigure('listening after, ms', 0, { bar: { of: 'value', most: 150 } })
  const idle = createFigure('RSS idle, MB', 1, { bar: { of: 'value', most: 60 } })
  await times(rounds, async (round) => {
    say(`start: round ${round + 1} of ${rounds}`)
    await eachFront(fronts, say, async (front) => {
      const running = await startFront(front, everythingChild(programs))
      listening.add(front.name, running.millisecondsToListen)
      await sleep(1000)
      idle.add(front.name, rssBytes(running.pid) / 1e6)
    })
  })
  const columns = fronts.map(({ name }) => name)
  return { title: 'start', columns, reference: referenceName, comparedBy: 'ratio', figures: [listening, idle] }
}
