import { expect, test } from 'vitest'
import { call, initialize, listen, post } from './support/raw.ts'
import { startBridge } from './support/start-bridge.ts'

const canary = 'canary-7f3a'

test('what is in a body, a header, a target or an answer is in no line of the log', async () => {
  const { url, logs } = await startBridge()
  const session = await initialize(url)
  const bodies = [
    call(canary, 'echo', { value: canary }, { progressToken: canary }),
    { jsonrpc: '2.0', id: 1, method: canary },
    `{"jsonrpc":"2.0","id":"${canary}`,
    [{ [canary]: canary }],
    { jsonrpc: '2.0', id: canary, result: { canary } },
    call(2, 'exit', { code: 1, canary }),
  ]
  const headers = ['last-event-id', 'mcp-protocol-version', 'content-type', 'accept', 'x-gantry-identity', 'origin']
  for (const name of headers) {
    await (await post(url, call(3, 'echo', {}), { ...session, [name]: canary })).text()
    await (await listen(`${url}?${canary}`, { ...session, [name]: canary })).body?.cancel()
  }
  for (const body of bodies) await (await post(url, body, session, { signal: AbortSignal.timeout(300) }).catch(() => undefined))?.text()
  await (await post(`${url}/${canary}`, call(4, 'echo'), { 'mcp-session-id': canary })).text()
  expect(logs.length).toBeGreaterThan(1)
  expect(JSON.stringify(logs)).not.toContain(canary)
})

test('what a server prints beside its messages is in no line of the log, whole or cut off', async () => {
  const { url, logs } = await startBridge({
    GANTRY_COMMAND: JSON.stringify(['/bin/sh', '-c', `read line; echo ${canary}; printf '{"id":1,"result":"${canary}'; exit 3`]),
  })
  await expect(initialize(url)).rejects.toThrow()
  expect(logs.map((line) => line.msg)).toContain('the server wrote something that is no message')
  expect(JSON.stringify(logs)).not.toContain(canary)
})
