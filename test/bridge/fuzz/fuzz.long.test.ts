import { beforeAll, expect, test } from 'vitest'
import { closeConnections } from '../support/close-connections.ts'
import { fixture } from '../support/start-bridge.ts'
import { startBridgeProcess } from '../support/start-bridge-process.ts'
import { until } from '../support/until.ts'
import { runFuzz } from './run-fuzz.ts'

beforeAll(closeConnections)

const count = Number(process.env.FUZZ_COUNT ?? 20_000)
const seed = Number(process.env.FUZZ_SEED ?? 20_260_728)

test('20,000 requests of every kind: nobody else sees an error, and memory, descriptors and processes are what they were', async () => {
  const bridge = await startBridgeProcess({
    env: { GANTRY_COMMAND: JSON.stringify([process.execPath, fixture('echo-server.mjs')]) },
    limits: { idleSeconds: 1, keepAliveSeconds: 1 },
  })
  const empty = await bridge.count()
  const settle = async () => {
    await until(async () => (await bridge.count()).processes === 0)
    await until(async () => (await bridge.count()).descriptors <= empty.descriptors)
    return bridge.count()
  }
  await runFuzz(bridge, { seed: seed - 1, count: 2000, connections: 24, bystanders: 4 })
  const before = await settle()
  const { calls, statuses } = await runFuzz(bridge, { seed, count, connections: 24, bystanders: 4 })
  const after = await settle()
  console.info(JSON.stringify({ seed, calls, statuses, before, after }))
  expect(calls).toBeGreaterThan(1000)
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
  expect(after.memoryMiB - before.memoryMiB).toBeLessThan(40)
})
