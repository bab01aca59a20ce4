import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BridgeBench, eachFront } from './bridge-bench.ts'
import { createFigure, type Report } from './figure.ts'
import { everythingChild, referenceName } from './fronts.ts'
import { descendants, isAlive } from './process-facts.ts'
import { startFront } from './start-front.ts'

const calls = 10
const stopWithinMs = 10_000

/** SIGTERM while calls are in flight. */
export async function measureStop({ fronts, programs, say }: BridgeBench): Promise<Report> {
  const answered = createFigure(`answers after SIGTERM with ${calls} in flight`, 0, { bar: { of: 'value', least: calls, most: calls } })
  const exitCode = createFigure('  exit code (- none)', 0, { bar: { of: 'value', least: 0, most: 0 } })
  const left = createFigure('  children left a second later', 0, { bar: { of: 'value', least: 0, most: 0 } })
  say('SIGTERM with calls in flight')
  await eachFront(fronts, say, async (front) => {
    const running = await startFront(front, everythingChild(programs))
    const session = await running.begin()
    const inFlight = Array.from({ length: calls }, async (_, index) => {
      const { status, body } = await session.call(session.open(), index + 1, 'trigger-long-running-operation', { duration: 1, steps: 1 })
      return status === 200 && body.includes('completed')
    })
    await sleep(300)
    const below = descendants(running.pid)
    const exited = Promise.race([once(running.process, 'exit'), sleep(stopWithinMs, [Number.NaN])])
    running.process.kill('SIGTERM')
    const answers = await Promise.allSettled(inFlight)
    answered.add(front.name, answers.filter((answer) => answer.status === 'fulfilled' && answer.value).length)
    const [code] = await exited
    exitCode.add(front.name, code ?? Number.NaN)
    await sleep(1000)
    const alive = below.filter(isAlive)
    left.add(front.name, alive.length)
    for (const pid of alive) process.kill(pid, 'SIGKILL')
    session.close()
  })
  const columns = fronts.map(({ name }) => name)
  return { title: 'stop', columns, reference: referenceName, comparedBy: 'difference', figures: [answered, exitCode, left] }
}
