import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Limits } from '../../../bridge/limits.ts'
import { startBridge } from './start-bridge.ts'

/** A server of the test's own, with a bridge of type http in front. */
export async function startRelay(listener: RequestListener, env: Record<string, string> = {}, limits: Partial<Limits> = {}) {
  const port = await startUpstream(listener)
  return { port, ...(await startBridge({ GANTRY_SERVER_TYPE: 'http', GANTRY_UPSTREAM_PORT: String(port), ...env }, limits)) }
}

export async function startUpstream(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}
