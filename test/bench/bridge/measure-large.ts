import { setTimeout as sleep } from 'node:timers/promises'
import { times } from '../bench.ts'
import { type BridgeBench, eachFront, proxies } from './bridge-bench.ts'
import { createFigure, type Report } from './figure.ts'
import { fixtureChild } from './fronts.ts'
import { rawConnection } from './raw-connection.ts'
import { type RunningFront, startFront } from './start-front.ts'

const megabyte = 1e6
const mebibyte = 1024 * 1024
const betweenQuestionsMs = 5

/** Results and bodies of megabytes; server-everything has no tool for that and is left out. */
export async function measureLarge(bench: BridgeBench): Promise<Report> {
  const result = createFigure('10 MB result, ms', 0, { bar: { of: 'value', most: 200 } })
  const health = createFigure('  slowest health answer meanwhile, ms', 1, { bar: { of: 'value', most: 100 } })
  const larger = createFigure('11 MiB result, ms', 0, { bar: { of: 'value', most: 2000 } })
  const body = createFigure('5 MB request body, ms', 0, { bar: { of: 'value', most: 2000 } })
  const fronts = proxies(bench)
  bench.say('large results and bodies')
  await eachFront(fronts, bench.say, async (front) => {
    const running = await startFront(front, fixtureChild)
    await times(bench.rounds, async () => {
      const session = await running.begin()
      const connection = session.open()
      const call = (tool: string, args: unknown, holds: (answer: Buffer) => boolean) =>
        timedAnswer(async () => holds((await session.call(connection, 1, tool, args)).body))
      const big = (bytes: number) => call('big', { bytes }, (answer) => answer.length > bytes)
      const slowest = watchHealth(running)
      result.add(front.name, await big(10 * megabyte))
      health.add(front.name, await slowest())
      larger.add(front.name, await big(11 * mebibyte))
      body.add(front.name, await call('length', { value: 'x'.repeat(5 * megabyte) }, (answer) => answer.includes('"5000000"')))
      session.close()
    })
  })
  const columns = fronts.map(({ name }) => name)
  return { title: 'large', columns, reference: 'mcp-proxy', comparedBy: 'ratio', figures: [result, health, larger, body] }
}

/** Milliseconds, or no number where the answer is wrong or none comes. */
async function timedAnswer(isRight: () => Promise<boolean>): Promise<number> {
  const began = performance.now()
  const right = await isRight().catch(() => false)
  return right ? performance.now() - began : Number.NaN
}

/** Asks again and again until told to stop; the milliseconds of the slowest answer. */
function watchHealth({ front, port }: RunningFront): () => Promise<number> {
  const connection = rawConnection(port)
  let watching = true
  let slowest = 0
  const watch = async () => {
    while (watching) {
      const began = performance.now()
      await connection.request(`GET ${front.healthPath} HTTP/1.1\r\nhost: 127.0.0.1\r\n`)
      slowest = Math.max(slowest, performance.now() - began)
      await sleep(betweenQuestionsMs)
    }
  }
  const watched = watch().catch(() => {
    slowest = Number.NaN
  })
  return async () => {
    watching = false
    await watched
    connection.close()
    return slowest
  }
}
