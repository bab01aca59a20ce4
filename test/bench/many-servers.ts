import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb'
import { installEmulator } from '../../sandbox/emulator/install-emulator.ts'
import { startEmulator } from '../../sandbox/emulator/start-emulator.ts'
import { revisionItem } from '../../store/revisions.ts'
import { serverItem } from '../../store/servers.ts'
import { createApi } from '../api/create-api.ts'
import { newServer } from '../support/store-records.ts'
import { venvDirectory } from '../support/venv-directory.ts'
import { type Bench, timed, times } from './bench.ts'
import { percentile, type Row } from './table.ts'

const servers = 5000
const perBatch = 12
const requests = 100
const warmUp = 5

type Api = Awaited<ReturnType<typeof createApi>>

/** The control plane in this process, on a table with many servers: its own time apart from the time it waits for the store. */
export async function manyServers(bench: Bench): Promise<Row[]> {
  const emulator = await startEmulator({ python: await installEmulator({ directory: venvDirectory }) })
  try {
    const api = await createApi(emulator.url)
    bench.say(`writing ${servers} servers`)
    await fill(api)
    const store = watchStore(api)
    let cursor = ''
    const list = await measure(store, async () => {
      const { body } = await api.call('GET', `/servers?limit=50${cursor}`)
      if (body.items.length === 0) throw new Error('a page without servers')
      cursor = body.cursor ? `&cursor=${body.cursor}` : ''
    })
    const get = await measure(store, async (index) => {
      const { status } = await api.call('GET', `/servers/bench${(index * 37) % servers}`)
      if (status !== 200) throw new Error(`GET /servers/{id} answered ${status}`)
    })
    return [
      { what: `GET /servers?limit=50 of ${servers}, p50 without the store`, value: list.own, aim: '≤ 10 ms', how: list.how },
      { what: `GET /servers/{id} of ${servers}, p50`, value: get.whole, aim: '≤ 50 ms', how: get.how },
    ]
  } finally {
    await emulator.stop()
  }
}

async function fill({ store }: Api): Promise<void> {
  const records = Array.from({ length: servers }, (_, index) => newServer(`bench${index}`))
  for (let first = 0; first < records.length; first += perBatch) {
    const items = records
      .slice(first, first + perBatch)
      .flatMap(({ server, revision }) => [serverItem({ ...server, status: 'IN_SERVICE' }), revisionItem(revision)])
    await store.client.send(new BatchWriteCommand({ RequestItems: { [store.table]: items.map((Item) => ({ PutRequest: { Item } })) } }))
  }
}

interface StoreTime {
  milliseconds: number
  calls: number
}

/** Counts from now on what is asked of the store, and how long it takes. */
function watchStore({ store }: Api): StoreTime {
  const seen: StoreTime = { milliseconds: 0, calls: 0 }
  store.client.middlewareStack.add(
    (next) => async (args) => {
      const { result, seconds } = await timed(() => next(args))
      seen.milliseconds += seconds * 1000
      seen.calls += 1
      return result
    },
    { step: 'finalizeRequest', name: 'watchStore' },
  )
  return seen
}

async function measure(store: StoreTime, act: (index: number) => Promise<void>) {
  await times(warmUp, act)
  const calls = store.calls
  const all = await times(requests, async (index) => {
    const before = store.milliseconds
    const { seconds } = await timed(() => act(index))
    const whole = seconds * 1000
    return { whole, own: whole - (store.milliseconds - before) }
  })
  const p50 = (of: 'whole' | 'own') =>
    `${percentile(
      all.map((one) => one[of]),
      50,
    ).toFixed(1)} ms`
  const perRequest = ((store.calls - calls) / requests).toFixed(1)
  return {
    whole: p50('whole'),
    own: p50('own'),
    how: `${requests} requests, ${perRequest} calls of the store each; with it ${p50('whole')}`,
  }
}
