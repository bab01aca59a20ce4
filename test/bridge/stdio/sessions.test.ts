import { expect, test } from 'vitest'
import { signIdentity } from '../support/identity.ts'
import { call, initialize, initializeBody, listen, post, readAnswer } from '../support/raw.ts'
import { bridgeEnvironment, connectClient, startBridge } from '../support/start-bridge.ts'
import { until } from '../support/until.ts'

const bob = { 'x-gantry-identity': signIdentity({ sub: 'bob' }) }
const shell = (script: string) => ({ GANTRY_COMMAND: JSON.stringify(['/bin/sh', '-c', script]) })

async function callText(url: string, session: Record<string, string>, name: string, args: unknown = {}): Promise<string> {
  return (await readAnswer(await post(url, call('t', name, args), session))).result?.content[0]?.text ?? ''
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('each session has a child of its own', async () => {
  const { url } = await startBridge()
  const [one, two] = [await initialize(url), await initialize(url)]
  expect(await callText(url, one, 'pid')).not.toBe(await callText(url, two, 'pid'))
})

test('the session of another caller does not exist', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const statuses = [
    await post(url, call(1, 'echo'), { ...session, ...bob }),
    await listen(url, { ...session, ...bob }),
    await listen(url, { ...session, ...bob }, { method: 'DELETE' }),
  ].map((response) => response.status)
  expect(statuses).toEqual([404, 404, 404])
  expect(await callText(url, session, 'echo', { value: 'still here' })).toBe('still here')
})

test('answers of 20 clients at once never cross', async () => {
  const { url } = await startBridge()
  const clients = await Promise.all(Array.from({ length: 20 }, () => connectClient(url)))
  const answers = await Promise.all(
    clients.flatMap(({ client }, index) =>
      Array.from({ length: 5 }, (_, turn) => client.callTool({ name: 'echo', arguments: { value: `${index}-${turn}` } })),
    ),
  )
  const expected = clients.flatMap((_, index) => Array.from({ length: 5 }, (_, turn) => [{ type: 'text', text: `${index}-${turn}` }]))
  expect(answers.map((answer) => answer.content)).toEqual(expected)
})

test('the child has the environment of the container, byte for byte, and nothing of the bridge', async () => {
  const value = '${file("/etc/passwd")} %{ if true }x%{ endif } "quoted"\nnext line'
  const { url } = await startBridge({ TRICKY: value })
  const environment = JSON.parse(await callText(url, await initialize(url), 'environment'))
  expect(environment.TRICKY).toBe(value)
  expect(Object.keys(environment).filter((name) => name.startsWith('GANTRY_'))).toEqual([])
})

test('a server that exits at once is explained with its exit code and its last ten lines', async () => {
  const { url } = await startBridge(shell('for i in $(seq 12); do echo "line $i" >&2; done; exit 3'))
  const response = await post(url, initializeBody())
  const { id, error } = await readAnswer(response)
  expect([response.status, response.headers.get('mcp-session-id'), id, error?.code]).toEqual([200, null, 0, -32603])
  expect(error?.message).toMatch(/before it answered initialize: exit code 3\. .*\n(line 3)\n(.*\n){8}line 12$/)
})

test('an official client sees why the server did not start', async () => {
  const { url } = await startBridge(shell('echo "no such table" >&2; exit 7'))
  await expect(connectClient(url)).rejects.toThrow(/exit code 7(.|\n)*no such table/)
})

test.each([
  ['a program that does not exist', JSON.stringify(['/no/such/program']), 'ENOENT'],
  ['a signal', JSON.stringify(['/bin/sh', '-c', 'kill -SEGV $$']), 'signal SIGSEGV'],
  ['silence', JSON.stringify(['/bin/true']), 'exit code 0. It wrote nothing to stderr.'],
])('a start that ends with %s says so', async (_, command, text) => {
  const { url } = await startBridge({ GANTRY_COMMAND: command })
  expect((await readAnswer(await post(url, initializeBody()))).error?.message).toContain(text)
})

test('a crash ends its own session only: calls in flight get -32603, later ones 404', async () => {
  const { url } = await startBridge()
  const [one, two] = [await initialize(url), await initialize(url)]
  const waiting = post(url, call(5, 'hang'), one)
  const fatal = await readAnswer(await post(url, call(6, 'exit', { code: 9 }), one))
  expect([fatal.id, fatal.error?.code, fatal.error?.message]).toEqual([6, -32603, expect.stringContaining('exit code 9')])
  expect((await readAnswer(await waiting)).error?.code).toBe(-32603)
  expect((await post(url, call(7, 'echo'), one)).status).toBe(404)
  expect(await callText(url, two, 'echo', { value: 'alive' })).toBe('alive')
})

test('what a server prints beside messages is logged by size and harms nothing', async () => {
  const { url, logs } = await startBridge()
  const session = await initialize(url)
  expect(await callText(url, session, 'garbage')).toBe('tidy')
  expect(await callText(url, session, 'echo', { value: 'fine' })).toBe('fine')
  expect(logs.filter((line) => line.level === 'warn').length).toBe(3)
})

test('stderr becomes log lines, and the payload of a call is in none', async () => {
  const { url, logs } = await startBridge()
  const session = await initialize(url)
  await callText(url, session, 'log', { value: 'from stderr' })
  await callText(url, session, 'echo', { value: 'my secret' })
  await until(() => logs.some((line) => line.stream === 'stderr'))
  expect(logs).toContainEqual(expect.objectContaining({ level: 'info', msg: 'from stderr', stream: 'stderr' }))
  expect(JSON.stringify(logs)).not.toContain('my secret')
  expect(JSON.stringify(logs)).not.toContain(session['mcp-session-id'])
})

test('above the cap a new session is 503 with Retry-After until one ends', async () => {
  const { url } = await startBridge({}, { maxSessions: 2 })
  const [first] = [await initialize(url), await initialize(url)]
  const refused = await post(url, initializeBody())
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  await listen(url, first, { method: 'DELETE' })
  await until(async () => (await post(url, initializeBody())).status === 200)
})

test('at the cap, whoever was away longest makes room; one with an open stream does not', async () => {
  const { url } = await startBridge({}, { maxSessions: 2, abandonedSeconds: 0.2 })
  const held = await initialize(url)
  const stream = await listen(url, held)
  const away = await initialize(url)
  await until(async () => (await post(url, initializeBody())).status === 200)
  expect((await post(url, call(1, 'echo'), away)).status).toBe(404)
  expect(await callText(url, held, 'echo', { value: 'held' })).toBe('held')
  await stream.body?.cancel()
})

test('at the cap, a caller who has no session takes one from the caller who has the most, and only one', async () => {
  const { url } = await startBridge({}, { maxSessions: 8 })
  const of = (sub: string) => ({ 'x-gantry-identity': signIdentity({ sub }) })
  const begin = async (sub: string) => (await post(url, initializeBody(), of(sub))).status
  const mine = [await initialize(url), await initialize(url), await initialize(url)]
  for (let count = 0; count < 5; count++) await begin('greedy')
  await until(async () => (await begin('bob')) === 200)
  expect([await begin('bob'), await begin('greedy')]).toEqual([503, 503])
  for (const session of mine) expect((await post(url, call(1, 'echo'), session)).status).toBe(200)
})

test('a session that nobody uses ends with its child, one with an open stream stays', async () => {
  const { url, logs } = await startBridge({}, { idleSeconds: 1, keepAliveSeconds: 0.1 })
  const [idle, held] = [await initialize(url), await initialize(url)]
  const stream = await listen(url, held)
  const pid = Number(logs.find((line) => line.msg === 'session started')?.pid)
  await until(() => !isAlive(pid))
  expect((await post(url, call(1, 'echo'), idle)).status).toBe(404)
  expect(await callText(url, held, 'echo', { value: 'held' })).toBe('held')
  await stream.body?.cancel()
})

test('a child that ignores the end of stdin and SIGTERM is killed, with what it started', async () => {
  const { url } = await startBridge(
    shell(`sleep 100 & "$0" "$1"; true`.replace('"$0" "$1"', JSON.parse(bridgeEnvironment().GANTRY_COMMAND ?? '').join(' '))),
  )
  const session = await initialize(url)
  const pid = Number(await callText(url, session, 'pid'))
  await callText(url, session, 'stubborn')
  await listen(url, session, { method: 'DELETE' })
  await until(() => !isAlive(pid))
})

test('a client that leaves before initialize is answered leaves no child', async () => {
  const { url, logs } = await startBridge(shell('exec sleep 100'))
  const leaving = new AbortController()
  const request = post(url, initializeBody(), {}, { signal: leaving.signal }).catch(() => {})
  await until(() => logs.some((line) => line.msg === 'session started'))
  leaving.abort()
  await request
  const pid = Number(logs.find((line) => line.msg === 'session started')?.pid)
  await until(() => !isAlive(pid))
})

test('three failed starts in a row make the bridge unhealthy, a good session beside them does not', async () => {
  const { url, origin } = await startBridge(shell('exit 1'))
  for (let start = 0; start < 3; start++) {
    expect((await fetch(`${origin}/health`)).status).toBe(200)
    await post(url, initializeBody())
  }
  const health = await fetch(`${origin}/health`)
  expect([health.status, await health.text()]).toEqual([503, expect.stringContaining('exit code 1')])
})

test('a child that does not read holds its own client back, not the bridge', async () => {
  const { url, origin } = await startBridge()
  const session = await initialize(url)
  await callText(url, session, 'deaf')
  const leaving = new AbortController()
  const body = 'x'.repeat(4_000_000)
  const held = Array.from({ length: 8 }, (_, id) =>
    post(url, call(id, 'echo', { value: body }), session, { signal: leaving.signal }).catch(() => 'left'),
  )
  const other = await initialize(url)
  expect(await callText(url, other, 'echo', { value: 'served' })).toBe('served')
  expect((await fetch(`${origin}/healthz`)).status).toBe(200)
  leaving.abort()
  expect(await Promise.all(held)).toEqual(held.map(() => 'left'))
})

test('a client that does not read its stream slows its own child down', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const heap = process.memoryUsage().rss
  const slow = await post(url, call(1, 'progress', { steps: 400_000 }, { progressToken: 1 }), session)
  const other = await initialize(url)
  expect(await callText(url, other, 'echo', { value: 'served' })).toBe('served')
  expect(process.memoryUsage().rss - heap).toBeLessThan(100_000_000)
  await slow.body?.cancel()
})

test('a message above the limit ends its session with an error', async () => {
  const { url } = await startBridge({}, { maxMessageBytes: 100_000 })
  const session = await initialize(url)
  const { error } = await readAnswer(await post(url, call(1, 'big', { bytes: 200_000 }), session))
  expect(error).toMatchObject({ code: -32603, message: expect.stringContaining('100000 bytes') })
})

test('draining finishes calls in flight, ends quiet sessions and takes no new ones', async () => {
  const { url, bridge } = await startBridge({}, { drainSeconds: 5 })
  const [busy, quiet] = [await initialize(url), await initialize(url)]
  const pids = [Number(await callText(url, busy, 'pid')), Number(await callText(url, quiet, 'pid'))]
  const stream = await listen(url, quiet)
  const waiting = post(url, call(1, 'later', { ms: 300, value: 'finished' }), busy)
  await callText(url, busy, 'echo', { value: 1 })
  const drained = bridge.drain()
  expect(await stream.text()).toBe('')
  expect(await (await waiting).text()).toContain('finished')
  await drained
  expect(pids.map(isAlive)).toEqual([false, false])
  await expect(post(url, initializeBody())).rejects.toThrow()
})
