import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { mcpClient } from './control-plane.ts'

export interface Calls {
  made: number
  failures: string[]
  /** Times a session was told to be gone (404), upon which the protocol asks for a new one. */
  sessionsMoved: number
}

/** Between two calls of a client: several would fall into the shortest gap, and the machine has time for the roll. */
const pauseMilliseconds = 20
/** More would only repeat themselves. */
const mostFailures = 50

const isGone = (error: unknown): boolean => error instanceof StreamableHTTPError && error.code === 404

/** Two clients that call a tool again and again: one keeps its session as long as it lives, one begins a session for each call. */
export function keepCalling(endpoint: string, key: string, tool: string): { stop(): Promise<Calls> } {
  const calls: Calls = { made: 0, failures: [], sessionsMoved: 0 }
  let stopped = false
  const call = async (client: Client): Promise<void> => {
    await client.callTool({ name: tool, arguments: {} })
    calls.made += 1
    await pause(pauseMilliseconds)
  }
  const failed = (who: string, error: unknown): void => {
    calls.failures.push(`${new Date().toISOString()} ${who}: ${error instanceof Error ? error.message : String(error)}`)
  }

  const loyal = async (): Promise<void> => {
    let client = await mcpClient(endpoint, key)
    while (!stopped && calls.failures.length < mostFailures) {
      await call(client).catch(async (error: unknown) => {
        if (!isGone(error)) {
          failed('kept session', error)
          return
        }
        calls.sessionsMoved += 1
        await client.close()
        client = await mcpClient(endpoint, key)
        await call(client)
      })
    }
    await client.close()
  }
  const fickle = async (): Promise<void> => {
    while (!stopped) {
      const client = await mcpClient(endpoint, key)
      const gone = await call(client)
        .then(
          () => false,
          (error: unknown) => {
            if (isGone(error)) return true
            throw error
          },
        )
        .finally(() => client.close())
      if (gone) calls.sessionsMoved += 1
    }
  }
  const persist = async (who: string, work: () => Promise<void>): Promise<void> => {
    while (!stopped && calls.failures.length < mostFailures) {
      await work().catch((error: unknown) => {
        // A roll between the messages of a handshake.
        if (isGone(error)) calls.sessionsMoved += 1
        else failed(who, error)
      })
    }
  }
  const working = [persist('kept session', loyal), persist('new session', fickle)]
  return {
    stop: async () => {
      stopped = true
      await Promise.all(working)
      return calls
    },
  }
}
