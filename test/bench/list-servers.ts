import { createAwsClients } from '../../aws/clients.ts'
import { platform } from '../../sandbox/platform-input.ts'
import { createServer } from '../../store/create-server.ts'
import { connectStore } from '../../store/store-context.ts'
import { controlPlane } from '../support/control-plane.ts'
import { newServer } from '../support/store-records.ts'
import { type Bench, timed, times } from './bench.ts'
import { percentile, type Row } from './table.ts'

const servers = 20
const warmUp = 10
const requests = 200

/** GET /servers of a sandbox whose store was filled directly: nothing of these servers was built. */
export async function listServers(bench: Bench): Promise<Row[]> {
  const sandbox = await bench.start(await bench.directory('list'))
  const { dynamoDb } = createAwsClients({ region: sandbox.region, endpoint: sandbox.emulatorUrl })
  const store = connectStore(dynamoDb, `gantry-${platform}`)
  for (let index = 0; index < servers; index += 1) {
    const { server, run, ...rest } = newServer(`bench${index}`)
    await createServer(store, { ...rest, server: { ...server, status: 'IN_SERVICE' }, run: { ...run, status: 'SUCCEEDED' } })
  }
  const gantry = controlPlane(sandbox.url, sandbox.adminKey)
  const list = async (): Promise<number> => {
    const { result, seconds } = await timed(() => gantry.call<{ items: unknown[] }>('GET', '/servers'))
    if (result.body.items.length !== servers) throw new Error(`GET /servers: ${result.status} with ${result.body.items.length} servers`)
    return seconds * 1000
  }
  bench.say(`${requests} times GET /servers`)
  await times(warmUp, list)
  const milliseconds = await times(requests, list)
  const value = [50, 95].map((percent) => `${percentile(milliseconds, percent).toFixed(1)}`).join(' / ')
  return [
    {
      what: `GET /servers, ${servers} servers, p50 / p95`,
      value: `${value} ms`,
      how: `${requests} requests, one after the other; servers written to the store only`,
    },
  ]
}
