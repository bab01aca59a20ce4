import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../table.ts'
import type { McpSession } from './mcp-session.ts'
import { cpuMicroseconds } from './process-facts.ts'
import type { RawConnection } from './raw-connection.ts'
import type { RunningFront } from './start-front.ts'

const warmUpSeconds = 1.5
const mostInFlight = 32

export interface Load {
  readonly callsPerSecond: number
  readonly p50: number
  readonly p99: number
  /** Of the front alone, microseconds. */
  readonly cpuPerCall: number
}

/** One call on a connection; throws where its answer is wrong. */
type Call = (connection: RawConnection) => Promise<void>

/** A front with one session that is ready for load. */
export interface Warm {
  readonly name: string
  drive(inFlight: number, seconds: number): Promise<Load>
}

export async function warmUp({ front, pid, begin }: Pick<RunningFront, 'pid' | 'begin'> & { front: { name: string } }): Promise<Warm> {
  const session = await begin()
  const connections = Array.from({ length: mostInFlight }, session.open)
  const call = echoCalls(session)
  await drive(connections, call, pid, warmUpSeconds)
  return { name: front.name, drive: (inFlight, seconds) => drive(connections.slice(0, inFlight), call, pid, seconds) }
}

let lastId = 0

/** Echo calls of one session, each with an id and a message of its own. */
export function echoCalls(session: McpSession): Call {
  return async (connection) => {
    const message = `message ${++lastId}`
    const { status, body } = await session.call(connection, lastId, 'echo', { message })
    if (status !== 200 || !body.includes(`Echo: ${message}"`)) throw new Error(`echo: HTTP ${status} ${body}`)
  }
}

/** Keeps as many calls in flight as there are connections. */
async function drive(connections: readonly RawConnection[], call: Call, pid: number, seconds: number): Promise<Load> {
  await sleep(50)
  const latencies: number[] = []
  const cpu = cpuMicroseconds(pid)
  const began = performance.now()
  const until = began + seconds * 1000
  const loop = async (connection: RawConnection) => {
    for (let now = began; now < until; ) {
      await call(connection)
      const after = performance.now()
      latencies.push(after - now)
      now = after
    }
  }
  await Promise.all(connections.map(loop))
  return {
    callsPerSecond: (latencies.length / (performance.now() - began)) * 1000,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    cpuPerCall: (cpuMicroseconds(pid) - cpu) / latencies.length,
  }
}
