import { expect, test } from 'vitest'
import { defaultLimits } from '../../bridge/limits.ts'
import { initializeBody, post } from './support/raw.ts'
import { startBridgeProcess } from './support/start-bridge-process.ts'
import { until } from './support/until.ts'

const mebibyte = 1024 * 1024
/** Of a task of 512 MiB, but for the number of sessions. */
const { replayTotalBytes } = defaultLimits(512 * mebibyte)
const limits = { replayTotalBytes, maxSessions: 500 }

test('500 sessions whose servers say 1 MiB each that nobody reads keep no more than the bound of all', async () => {
  const greeting = '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{}}}'
  const say = `{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"${'x'.repeat(10_000)}"}}`
  const script = `read line; echo '${greeting}'; for i in $(seq 100); do echo '${say}'; done; echo said >&2; exec cat`
  const bridge = await startBridgeProcess({ env: { GANTRY_COMMAND: JSON.stringify(['/bin/sh', '-c', script]) }, limits })
  const before = await bridge.count()
  for (let started = 0; started < 500; started += 20) {
    const some = Array.from({ length: 20 }, () => post(bridge.url, initializeBody()).then((response) => response.text()))
    await Promise.all(some)
  }
  await until(() => bridge.logs.filter((line) => line.msg === 'said').length === 500)
  const { memoryMiB, processes } = await bridge.count()
  console.info(JSON.stringify({ before: before.memoryMiB, memoryMiB, processes }))
  expect(processes).toBe(500)
  // 100 KB a session, what is kept, and a heap that was not collected yet; without the bound it would be 500 MiB.
  expect(memoryMiB - before.memoryMiB).toBeLessThan(500 * 0.1 + replayTotalBytes / mebibyte + 90)
})
