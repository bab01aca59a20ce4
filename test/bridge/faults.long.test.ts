import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { closeConnections } from './support/close-connections.ts'
import { signIdentity } from './support/identity.ts'
import { call, initialize, initializeBody, listen, post } from './support/raw.ts'
import { startBridgeProcess } from './support/start-bridge-process.ts'
import { until } from './support/until.ts'

beforeAll(closeConnections)

/** A server of one line of shell: it costs little, so that there can be many. */
const greeting = '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{}}}'
const shell = (before: string) => ({ GANTRY_COMMAND: JSON.stringify(['/bin/sh', '-c', `${before}read line; echo '${greeting}'; cat >&2`]) })

const caller = (sub = 'alice') => ({ 'x-gantry-identity': signIdentity({ sub }) })
const end = (url: string, session: Record<string, string>) => listen(url, session, { method: 'DELETE' }).then((response) => response.text())

test.each<[string, string, unknown]>([
  ['never answers', 'hang', {}],
  ['answers twice', 'twice', {}],
  ['prints garbage and answers an unknown id', 'garbage', {}],
  ['dies in the middle of a line', 'half', {}],
  ['ends', 'exit', { code: 3 }],
  ['closes its stdout', 'close-stdout', {}],
  ['reads no more', 'deaf', {}],
  ['ignores SIGTERM', 'stubborn', {}],
  ['floods its stdout', 'flood', { stream: 'stdout', line: '{"jsonrpc":"2.0","method":"notifications/x"}' }],
  ['floods its stderr', 'flood', { stream: 'stderr', line: 'x'.repeat(500) }],
])('five children of which each %s leave nothing behind, and another session never notices', async (_, tool, args) => {
  const bridge = await startBridgeProcess({ limits: { graceSeconds: 0.5 } })
  const other = await initialize(bridge.url, caller('other'))
  const echo = (id: number) => post(bridge.url, call(id, 'echo', { value: id }), other).then((response) => response.text())
  await echo(0)
  const before = await bridge.count()
  const provoke = async (index: number) => {
    const session = await initialize(bridge.url, caller(`caller-${index}`))
    const leaving = AbortSignal.timeout(500)
    const faulty = post(bridge.url, call(tool, tool, args), session, { signal: leaving }).then((response) => response.text())
    const body = { value: 'x'.repeat(2_000_000) }
    await Promise.allSettled([faulty, post(bridge.url, call(1, 'length', body), session, { signal: leaving })])
    await end(bridge.url, session)
  }
  const provoked = Promise.all(Array.from({ length: 5 }, (_, index) => provoke(index)))
  for (let id = 1; id <= 20; id++) expect(JSON.parse(await echo(id)).result.content[0].text).toBe(String(id))
  await provoked
  await until(async () => (await bridge.count()).processes === 1)
  await until(async () => (await bridge.count()).descriptors <= before.descriptors)
  const after = await bridge.count()
  // As much as the heap grows before it is collected.
  expect(after.memoryMiB - before.memoryMiB).toBeLessThan(120)
  expect(bridge.logs.filter((line) => line.msg === 'session ended').length).toBe(5)
})

test('100 clients at once while a server takes 3 s to start: each has a session or 503, and health answers meanwhile', async () => {
  const bridge = await startBridgeProcess({ env: shell('sleep 3; '), limits: { maxSessions: 80 } })
  const before = await bridge.count()
  const begun = Array.from({ length: 100 }, (_, index) => post(bridge.url, initializeBody(), caller(`c${index}`)))
  for (let question = 0; question < 10; question++) expect((await fetch(`${bridge.origin}/health`)).status).toBe(200)
  const responses = await Promise.all(begun)
  await Promise.all(responses.map((response) => response.text()))
  expect(responses.filter((response) => response.status === 200).length).toBe(80)
  expect(responses.filter((response) => response.headers.get('retry-after') === '5').length).toBe(20)
  const ids = responses.map((response) => response.headers.get('mcp-session-id'))
  await Promise.all(ids.map((id, index) => id && end(bridge.url, { 'mcp-session-id': id, ...caller(`c${index}`) })))
  await until(async () => (await bridge.count()).processes === 0)
  await until(async () => (await bridge.count()).descriptors <= before.descriptors)
})

test('without descriptors left the bridge lives, refuses starts with 503, serves whom it has and recovers', async () => {
  const bridge = await startBridgeProcess({ descriptors: 80 })
  const first = await initialize(bridge.url, caller())
  const sessions: Record<string, string>[] = []
  let refused: Response | undefined
  while (!refused) {
    const response = await post(bridge.url, initializeBody(), caller())
    await response.text()
    const id = response.headers.get('mcp-session-id')
    if (id) sessions.push({ 'mcp-session-id': id, ...caller() })
    else refused = response
  }
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  expect((await post(bridge.url, call(1, 'echo', { value: 1 }), first)).status).toBe(200)
  const flood = Array.from({ length: 100 }, () => connect(bridge.port, '127.0.0.1').on('error', () => {}))
  await Promise.race(flood.map((socket) => once(socket, 'close')))
  for (const socket of flood) socket.destroy()
  await until(async () => (await bridge.count()).descriptors < 80)
  for (const session of sessions) await end(bridge.url, session)
  await until(async () => (await bridge.count()).processes === 1)
  await end(bridge.url, await initialize(bridge.url, caller()))
  expect(bridge.logs).toContainEqual(expect.objectContaining({ level: 'error', msg: 'no session can be started' }))
})

test('SIGTERM ends hanging calls, slow readers and children that resist, and the exit code is 0', async () => {
  const bridge = await startBridgeProcess({ limits: { drainSeconds: 1, graceSeconds: 0.5 } })
  const ask = async (tool: string, args: unknown = {}) => {
    const session = await initialize(bridge.url, caller(tool))
    return post(bridge.url, call(tool, tool, args), session)
  }
  const hanging = ask('hang')
  const stubborn = await ask('stubborn')
  const unread = await ask('big', { bytes: 11 * 1024 * 1024 })
  const deaf = await initialize(bridge.url, caller('deaf'))
  await post(bridge.url, call(1, 'deaf'), deaf)
  const held = Promise.allSettled([post(bridge.url, call(2, 'length', { value: 'x'.repeat(8_000_000) }), deaf)])
  await until(async () => (await bridge.count()).processes === 4)
  bridge.child.kill('SIGTERM')
  expect(await once(bridge.child, 'exit')).toEqual([0, null])
  expect(JSON.parse(await (await hanging).text()).error.code).toBe(-32603)
  expect([stubborn.status, unread.status, (await held).length]).toEqual([200, 200, 1])
})
