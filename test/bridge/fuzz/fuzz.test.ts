import { expect, test } from 'vitest'
import { fixture, startBridge } from '../support/start-bridge.ts'
import { runFuzz } from './run-fuzz.ts'

test('whatever a few hundred connections send is answered as the spec says, and others go on without an error', async () => {
  const { url, origin } = await startBridge({ GANTRY_COMMAND: JSON.stringify([process.execPath, fixture('echo-server.mjs')]) })
  const target = { url, port: Number(new URL(origin).port) }
  const { calls } = await runFuzz(target, { seed: 1, count: 200, connections: 8, bystanders: 2 })
  expect(calls).toBeGreaterThan(10)
}, 60_000)
