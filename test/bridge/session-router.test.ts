import { expect, test } from 'vitest'
import { signIdentity } from './support/identity.ts'
import { call, initialize, listen, post, readAnswer, readEvents } from './support/raw.ts'
import { connectClient, startBridge } from './support/start-bridge.ts'
import { sessionSecret, startTasks } from './support/start-tasks.ts'

const bob = { 'x-gantry-identity': signIdentity({ sub: 'bob' }) }

const textOf = async (response: Response) => (await readAnswer(response)).result?.content[0]?.text

test('a session reaches its own child through every task', async () => {
  const { here, there } = await startTasks()
  const session = await initialize(there.url)
  const own = await textOf(await post(there.url, call(1, 'pid'), session))
  expect(await textOf(await post(here.url, call(2, 'pid'), session))).toBe(own)
})

test('the stream of a session flows through another task as it is written, and is resumed through it', async () => {
  const { here, there } = await startTasks()
  const session = await initialize(there.url)
  const events = readEvents(await listen(here.url, session))
  await post(here.url, call(1, 'announce', { value: 'spoken' }), session)
  const event = (await events.next()).value
  expect(event?.data).toContain('spoken')
  const resumed = readEvents(await listen(here.url, { ...session, 'last-event-id': '0-0' }))
  expect((await resumed.next()).value).toEqual(event)
})

test('DELETE through another task ends the session', async () => {
  const { here, there } = await startTasks()
  const session = await initialize(there.url)
  const ended = await fetch(here.url, { method: 'DELETE', headers: { 'x-gantry-identity': signIdentity(), ...session } })
  expect(ended.status).toBe(204)
  expect((await post(there.url, call(1, 'pid'), session)).status).toBe(404)
})

test('a message of the old transport finds its stream through another task', async () => {
  const { here, there } = await startTasks()
  const leaving = new AbortController()
  const events = readEvents(await listen(there.url.replace(/mcp$/, 'sse'), {}, { signal: leaving.signal }))
  const endpoint = new URL((await events.next()).value?.data ?? '', here.origin)
  expect((await post(endpoint.href, { jsonrpc: '2.0', id: 'old', method: 'ping' })).status).toBe(202)
  expect((await events.next()).value?.data).toContain('"old"')
  leaving.abort()
})

test('an official client works whose requests meet one task after the other', async () => {
  const { here, there } = await startTasks()
  let count = 0
  const { client } = await connectClient(here.url, { fetch: (_, init) => fetch(count++ % 2 ? there.url : here.url, init) })
  for (let round = 0; round < 4; round++) await client.ping()
  expect(JSON.stringify(await client.callTool({ name: 'echo', arguments: { value: 'through' } }))).toContain('through')
})

test("another caller's session is not found through any task", async () => {
  const { here, there } = await startTasks()
  const session = { ...(await initialize(there.url)), ...bob }
  for (const { url } of [here, there]) expect((await post(url, call(1, 'pid'), session)).status).toBe(404)
})

test.each([
  ['forged', () => 'A'.repeat(56)],
  ['mangled', (id: string) => id.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))],
  ['empty', () => ''],
])('a %s id is not found, and nobody is asked for it', async (_, change) => {
  const { here, there } = await startTasks()
  const session = await initialize(there.url)
  const changed = { ...session, 'mcp-session-id': change(session['mcp-session-id']) }
  expect((await post(here.url, call(1, 'pid'), changed)).status).toBe(404)
  expect(here.logs.filter(({ msg }) => msg === 'the task of a session did not answer')).toEqual([])
})

test('a forwarded request is answered where it arrives', async () => {
  const { here, there } = await startTasks()
  const session = await initialize(there.url)
  expect((await post(here.url, call(1, 'pid'), { ...session, 'x-gantry-forwarded': '1' })).status).toBe(404)
})

test('without a secret a session is known to its own task only', async () => {
  const here = await startBridge({ GANTRY_HOST: '127.0.0.2' })
  const there = await startBridge({ GANTRY_HOST: '127.0.0.3' })
  expect((await post(here.url, call(1, 'pid'), await initialize(there.url))).status).toBe(404)
})

test('a child does not see the secret', async () => {
  const { here } = await startTasks()
  const environment = await textOf(await post(here.url, call(1, 'environment'), await initialize(here.url)))
  expect(environment).not.toContain(sessionSecret)
})
