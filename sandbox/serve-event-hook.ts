import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { InvokeLambda } from './gateway/authorize.ts'

/** Where the emulator posts events whose rule targets a Lambda function: `{ target: <function ARN>, event }`. */
export interface EventHook {
  url: string
  close(): void
}

/** Answers at once and invokes afterwards, as EventBridge does; what the function throws is logged. */
export function serveEventHook(invoke: InvokeLambda, log: (line: string) => void): Promise<EventHook> {
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => '')
    response.writeHead(202).end()
    try {
      const { target, event } = JSON.parse(body) as { target: string; event: unknown }
      await invoke(target.split(':')[6] ?? '', event)
    } catch (error) {
      log(`event hook: ${(error as Error).message}`)
    }
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () => void server.close().closeAllConnections(),
      })
    })
  })
}
