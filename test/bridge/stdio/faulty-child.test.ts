import { expect, test } from 'vitest'
import { call, initialize, initializeBody, listen, post, readAnswer } from '../support/raw.ts'
import { startBridge } from '../support/start-bridge.ts'
import { until } from '../support/until.ts'

/** What a call of a tool that does wrong brings, while a call of another session waits for its own answer. */
async function provoke(tool: string, args: unknown = {}) {
  const { url, logs } = await startBridge()
  const [faulty, other] = [await initialize(url), await initialize(url)]
  const beside = post(url, call('beside', 'later', { ms: 50, value: 'fine' }), other)
  const answer = await readAnswer(await post(url, call(tool, tool, args), faulty))
  expect((await readAnswer(await beside)).result?.content[0]?.text).toBe('fine')
  const next = await post(url, call('next', 'echo', { value: 'next' }), faulty)
  return { answer, next, logs }
}

test('a child that answers twice: the first answer counts, the second is logged', async () => {
  const { answer, next, logs } = await provoke('twice')
  expect([answer.result?.content[0]?.text, next.status]).toEqual(['first', 200])
  expect(logs).toContainEqual(expect.objectContaining({ level: 'warn', msg: 'the server answered a request that does not wait' }))
})

test('a child that dies in the middle of a line: -32603 with its exit code, then 404', async () => {
  const { answer, next } = await provoke('half')
  expect([answer.error?.code, answer.error?.message, next.status]).toEqual([-32603, expect.stringContaining('exit code 5'), 404])
})

test('a child that closes its stdout and lives: -32603 that says so, then 404', async () => {
  const { answer, next } = await provoke('close-stdout')
  expect([answer.error?.code, answer.error?.message, next.status]).toEqual([-32603, expect.stringContaining('closed its stdout'), 404])
})

test('a child that closes its stdin and lives: -32603 that says so, then 404', async () => {
  const greeting = JSON.stringify({ jsonrpc: '2.0', id: 0, result: { protocolVersion: '2025-11-25' } })
  const script = `read line; echo '${greeting}'; exec <&-; echo closed stdin >&2; exec sleep 100`
  const { url, logs } = await startBridge({ GANTRY_COMMAND: JSON.stringify(['/bin/sh', '-c', script]) })
  const session = await initialize(url)
  await until(() => logs.some((line) => line.msg === 'closed stdin'))
  const { error } = await readAnswer(await post(url, call(2, 'echo'), session))
  expect([error?.code, error?.message]).toEqual([-32603, expect.stringContaining('closed its stdin')])
  expect((await post(url, call(3, 'echo'), session)).status).toBe(404)
})

test('children that take long to end do not pile up behind those whose place was wanted', async () => {
  const { url, logs } = await startBridge({}, { maxSessions: 2, abandonedSeconds: 0, graceSeconds: 2 })
  for (const session of [await initialize(url), await initialize(url)]) await post(url, call(1, 'stubborn'), session)
  await until(async () => (await post(url, initializeBody())).status === 200)
  expect((await post(url, initializeBody())).status).toBe(503)
  expect(logs.filter((line) => line.msg === 'session started').length).toBe(3)
})

test('garbage without end is a few log lines', async () => {
  const { url, logs } = await startBridge()
  const leaving = new AbortController()
  const flood = post(url, call(1, 'flood', { stream: 'stdout', line: 'no JSON' }), await initialize(url), { signal: leaving.signal })
  const other = await initialize(url)
  await until(() => logs.some((line) => Number(line.count) >= 4096))
  expect((await post(url, call(2, 'echo', { value: 1 }), other)).status).toBe(200)
  expect(logs.length).toBeLessThan(40)
  leaving.abort()
  await expect(flood).rejects.toThrow()
})

test('a flood on stderr is logged at a pace, and the child waits', async () => {
  const { url, logs } = await startBridge()
  const leaving = new AbortController()
  const line = 'x'.repeat(1000)
  const flood = post(url, call(1, 'flood', { stream: 'stderr', line }), await initialize(url), { signal: leaving.signal })
  await until(() => logs.length > 250)
  expect((await post(url, call(2, 'echo', { value: 1 }), await initialize(url))).status).toBe(200)
  expect(logs.length).toBeLessThan(1200)
  leaving.abort()
  await expect(flood).rejects.toThrow()
})

test('a child that does not answer initialize for long has failed to start when its client gives up', async () => {
  const silent = { GANTRY_COMMAND: JSON.stringify(['/bin/sleep', '100']) }
  const { url, origin } = await startBridge(silent, { startSeconds: 0.05 })
  for (let start = 0; start < 3; start++) {
    await expect(post(url, initializeBody(), {}, { signal: AbortSignal.timeout(100) })).rejects.toThrow()
  }
  await until(async () => (await fetch(`${origin}/health`)).status === 503)
  expect((await listen(url.replace(/mcp$/, 'sse'))).status).toBe(503)
})
