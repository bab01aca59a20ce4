import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { createSeal } from '../../../bridge/seal.ts'
import { signIdentity } from '../support/identity.ts'
import { call, initialize, listen, post, readAnswer } from '../support/raw.ts'
import { connectClient, startBridge } from '../support/start-bridge.ts'
import { startFixture } from '../support/start-fixture.ts'
import { sessionSecret } from '../support/start-tasks.ts'
import { startRelay, startUpstream } from '../support/start-upstream.ts'

const bob = { 'x-gantry-identity': signIdentity({ sub: 'bob' }) }

/** One task of an http server, on an address of its own. */
async function startTask(host: string) {
  const port = await startFixture('http-server.mjs')
  const env = { GANTRY_SERVER_TYPE: 'http', GANTRY_UPSTREAM_PORT: String(port), GANTRY_HOST: host, GANTRY_SESSION_SECRET: sessionSecret }
  return startBridge(env, { drainSeconds: 5 })
}

const startTasks = async () => ({ here: await startTask('127.0.0.2'), there: await startTask('127.0.0.3') })

/** What the server itself is asked with. */
async function headersOf(response: Response): Promise<IncomingMessage['headers']> {
  const data = /^data: (.*)$/m.exec(await response.text())?.[1] ?? '{}'
  return JSON.parse(JSON.parse(data).result.content[0].text)
}

test('an official client of an http server works whose requests meet one task after the other', async () => {
  const { here, there } = await startTasks()
  let count = 0
  const { client } = await connectClient(here.url, { fetch: (_, init) => fetch(count++ % 2 ? there.url : here.url, init) })
  for (let round = 0; round < 4; round++) expect((await client.listTools()).tools).toHaveLength(1)
})

test('the server knows its own id, and the client keeps the sealed one', async () => {
  const { here, there } = await startTasks()
  const session = await initialize(there.url)
  const own = []
  for (const { url } of [there, here]) {
    const answer = await post(url, call(1, 'whoami'), session)
    expect(answer.headers.get('mcp-session-id')).toBe(session['mcp-session-id'])
    own.push((await headersOf(answer))['mcp-session-id'])
  }
  expect(own[0]).toMatch(/^[0-9a-f-]{36}$/)
  expect(own[1]).toBe(own[0])
})

test("the server is not asked for another caller's session, nor for its own bare id", async () => {
  const { here, there } = await startTasks()
  const session = await initialize(there.url)
  const own = (await headersOf(await post(there.url, call(1, 'whoami'), session)))['mcp-session-id'] as string
  for (const { url } of [here, there]) {
    expect((await post(url, call(1, 'whoami'), { ...session, ...bob })).status).toBe(404)
    expect((await post(url, call(1, 'whoami'), { ...session, 'mcp-session-id': own })).status).toBe(404)
  }
})

test('an id of an earlier life at the same address leads to no session of this one', async () => {
  const task = await startTask('127.0.0.2')
  const session = await initialize(task.url)
  const own = (await headersOf(await post(task.url, call(1, 'whoami'), session)))['mcp-session-id'] as string
  const place = { host: '127.0.0.2', port: Number(new URL(task.url).port), boot: '0000000000000000', own }
  const earlier = createSeal(sessionSecret).close(place, 'alice')
  expect((await post(task.url, call(1, 'whoami'), { ...session, 'mcp-session-id': earlier })).status).toBe(404)
})

test('the stream of a session opens through another task, and closes with its client', async () => {
  const { here, there } = await startTasks()
  const leaving = new AbortController()
  const stream = await listen(here.url, await initialize(there.url), { signal: leaving.signal })
  expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  leaving.abort()
  await expect(stream.text()).rejects.toThrow()
})

test('a session of a task that drains is not found, so that its client begins anew', async () => {
  const asked: string[] = []
  const port = await startUpstream((req, res) => {
    asked.push(req.method ?? '')
    if (req.method === 'POST') res.writeHead(200, { 'mcp-session-id': 'own' }).flushHeaders()
  })
  const env = { GANTRY_SERVER_TYPE: 'http', GANTRY_UPSTREAM_PORT: String(port), GANTRY_SESSION_SECRET: sessionSecret }
  const { bridge, url } = await startBridge(env, { drainSeconds: 0.5 })
  const waiting = await post(url, call(1, 'whoami'))
  const session = { 'mcp-session-id': waiting.headers.get('mcp-session-id') ?? '' }
  const drained = bridge.drain()
  const answer = await post(url, call(2, 'whoami'), session)
  expect([answer.status, (await readAnswer(answer)).error?.code]).toEqual([404, -32001])
  await Promise.all([drained, waiting.text().catch(() => {})])
  expect(asked).toEqual(['POST'])
})

test('without a secret the ids are the server’s own', async () => {
  const { url } = await startRelay((req, res) => res.setHeader('mcp-session-id', `${req.headers['mcp-session-id'] ?? 'own'}`).end())
  const begun = await post(url, call(1, 'whoami'))
  expect(begun.headers.get('mcp-session-id')).toBe('own')
  expect((await post(url, call(1, 'whoami'), { 'mcp-session-id': 'kept' })).headers.get('mcp-session-id')).toBe('kept')
})
