import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { installEmulator } from '../../sandbox/emulator/install-emulator.ts'
import { startEmulator } from '../../sandbox/emulator/start-emulator.ts'
import { createApi, stdio } from '../api/create-api.ts'
import { serve } from '../api/serve.ts'
import { venvDirectory } from '../support/venv-directory.ts'

/** The control plane on loopback, on a table of an emulator of its own, with servers in several statuses. No build ever starts. */
export async function serveApi() {
  const emulator = await startEmulator({ python: await installEmulator({ directory: venvDirectory }) })
  const api = await createApi(emulator.url)
  for (const to of ['IN_SERVICE', 'IN_SERVICE', 'STOPPED', 'FAILED', 'APPLYING', undefined] as const) {
    const name = `${to ?? 'queued'} ${api.started.length}`
    const { body } = await api.call('POST', '/servers', { body: { ...stdio, name } })
    if (to) await serve(api.store, body.run.id, to)
  }
  // What an HTTP server refuses by itself never reaches the API.
  const server = createServer({ maxHeaderSize: 256 * 1024 }, getRequestListener(api.app.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: api.admin.token,
    logged: api.logged,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await emulator.stop()
    },
  }
}
