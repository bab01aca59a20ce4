import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { defaultLimits } from '../../bridge/limits.ts'
import { signIdentity } from './support/identity.ts'
import { call, initialize, initializeBody, post } from './support/raw.ts'
import { startBridgeProcess } from './support/start-bridge-process.ts'
import { until } from './support/until.ts'

const mebibyte = 1024 * 1024
/** Of a task of 512 MiB, but for the number of sessions. */
const { replayTotalBytes, inFlightBytes } = defaultLimits(512 * mebibyte)
const limits = { replayTotalBytes, inFlightBytes, maxSessions: 500 }

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
  expect(processes).toBe(500)
  // 100 KB a session, what is kept, and a heap that was not collected yet; without the bound it would be 500 MiB.
  expect(memoryMiB - before.memoryMiB).toBeLessThan(500 * 0.1 + replayTotalBytes / mebibyte + 90)
})

test('100 bodies of 10 MB at once, sent slowly or to a child that reads nothing, stay within the bound of what is in flight', async () => {
  const bridge = await startBridgeProcess({ limits: { ...limits, patienceSeconds: 1 } })
  const deaf = await initialize(bridge.url)
  await post(bridge.url, call(1, 'deaf'), deaf)
  const other = await initialize(bridge.url, { 'x-gantry-identity': signIdentity({ sub: 'other' }) })
  const before = await bridge.count()
  const body = JSON.stringify(call(2, 'length', { value: 'x'.repeat(10_000_000) }))
  const head = [
    'POST /mcp/fixture/mcp HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `X-Gantry-Identity: ${signIdentity()}`,
    `Mcp-Session-Id: ${deaf['mcp-session-id']}`,
    `Content-Length: ${body.length}`,
  ]
  const slow = Array.from({ length: 100 }, (_, index) => {
    const socket = connect(bridge.port, '127.0.0.1').on('error', () => {})
    // Every second one leaves out the end.
    socket.write(`${head.join('\r\n')}\r\n\r\n${index % 2 ? body : body.slice(0, -1)}`)
    return socket
  })
  let highest = 0
  for (let turn = 0; turn < 4; turn++) {
    const response = await post(bridge.url, call(turn, 'length', { value: 'y'.repeat(500_000) }), other)
    expect(await response.text()).toContain('"500000"')
    highest = Math.max(highest, (await bridge.count()).memoryMiB)
  }
  // Each is there three times: as it came, as the text that is parsed, and in the value. Without the bound it would be 1000 MiB.
  expect(highest - before.memoryMiB).toBeLessThan((3 * inFlightBytes) / mebibyte)
  for (const socket of slow) socket.destroy()
})
