import { setTimeout as sleep } from 'node:timers/promises'
import { type BridgeBench, eachFront } from './bridge-bench.ts'
import { echoCalls } from './drive.ts'
import { createFigure, type Report } from './figure.ts'
import { referenceName, sedChild } from './fronts.ts'
import { rssBytes } from './process-facts.ts'
import { type RunningFront, startFront } from './start-front.ts'

const sessions = 500
const atOnce = 10

/** Memory for each of many sessions that were called once and stay; the child is sed, as only the front is weighed. */
export async function measureSessions({ fronts, say }: BridgeBench): Promise<Report> {
  const perSession = createFigure(`RSS a session at ${sessions}, KB`, 1, { bar: { of: 'value', most: 100 } })
  say(`${sessions} sessions`)
  await eachFront(fronts, say, async (front) => {
    const running = await startFront(front, sedChild)
    await openSessions(running, 1)
    await sleep(1000)
    const before = rssBytes(running.pid)
    await Promise.all(Array.from({ length: atOnce }, () => openSessions(running, (sessions - 1) / atOnce)))
    await sleep(1000)
    perSession.add(front.name, (rssBytes(running.pid) - before) / sessions / 1000)
  })
  const columns = fronts.map(({ name }) => name)
  return { title: 'sessions', columns, reference: referenceName, comparedBy: 'ratio', figures: [perSession] }
}

async function openSessions(running: RunningFront, count: number): Promise<void> {
  for (let opened = 0; opened < Math.floor(count); opened += 1) {
    const session = await running.begin()
    const connection = session.open()
    await echoCalls(session)(connection)
    session.close()
  }
}
