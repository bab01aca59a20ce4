import { setTimeout as sleep } from 'node:timers/promises'
import { type BridgeBench, eachFront } from './bridge-bench.ts'
import { createFigure, type Report } from './figure.ts'
import { everythingChild, referenceName, sedChild } from './fronts.ts'
import { type McpSession, messagesOf } from './mcp-session.ts'
import { type RunningFront, startFront } from './start-front.ts'

const longCalls = 100
const longCallsAtOnce = 10
const steps = 5
const clients = 100
const callsOfEach = 10
const answerWithinMs = 10_000

const none = { bar: { of: 'value', least: 0, most: 0 } } as const

/** Whether every message reaches the client it is for. */
export async function measureAnswers({ fronts, programs, say }: BridgeBench): Promise<Report> {
  const lost = createFigure(`progress messages lost of ${longCalls * steps}`, 0, none)
  const crossed = createFigure(`answers of others, ${clients} clients with ${callsOfEach} calls`, 0, none)
  const missing = createFigure('  no answer or an error', 0, none)
  say('progress and answers')
  await eachFront(fronts, say, async (front) => {
    const progress = await startFront(front, everythingChild(programs))
    lost.add(front.name, longCalls * steps - (await receivedProgress(progress)))
    await progress.stop()
    const echo = await startFront(front, sedChild)
    const counts = await answersOfAll(echo)
    crossed.add(front.name, counts.crossed)
    missing.add(front.name, counts.missing)
  })
  const columns = fronts.map(({ name }) => name)
  return { title: 'answers', columns, reference: referenceName, comparedBy: 'difference', figures: [lost, crossed, missing] }
}

async function receivedProgress(running: RunningFront): Promise<number> {
  const session = await running.begin()
  let received = 0
  const client = async (first: number) => {
    const connection = session.open()
    for (let id = first; id <= longCalls; id += longCallsAtOnce) {
      const args = { duration: 0.05, steps }
      const answer = await within(session.call(connection, id, 'trigger-long-running-operation', args, `token ${id}`))
      const messages = answer ? messagesOf(answer) : []
      received += messages.filter(({ params }) => params?.progressToken === `token ${id}`).length
    }
  }
  await Promise.all(Array.from({ length: longCallsAtOnce }, (_, index) => client(index + 1)))
  session.close()
  return received
}

/** Every client has a session of its own and uses the same ids as all others. */
async function answersOfAll(running: RunningFront): Promise<{ crossed: number; missing: number }> {
  const counts = { crossed: 0, missing: 0 }
  const sessions: McpSession[] = []
  for (let client = 0; client < clients; client += 1) sessions.push(await running.begin())
  const talk = async (session: McpSession, client: number) => {
    const connection = session.open()
    for (let id = 1; id <= callsOfEach; id += 1) {
      const message = `client ${client} call ${id}`
      const answer = await within(session.call(connection, id, 'echo', { message }))
      const text = answer?.status === 200 ? String(answer.body) : ''
      if (text.includes(`Echo: ${message}"`)) continue
      if (text.includes('Echo: ')) counts.crossed += 1
      else counts.missing += 1
    }
  }
  await Promise.all(sessions.map(talk))
  for (const session of sessions) session.close()
  return counts
}

function within<T>(answer: Promise<T>): Promise<T | undefined> {
  return Promise.race([answer.catch(() => undefined), sleep(answerWithinMs, undefined, { ref: false })])
}
