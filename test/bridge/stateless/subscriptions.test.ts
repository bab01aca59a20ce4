import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { readAnswer, readEvents } from '../support/raw.ts'
import { startBridge } from '../support/start-bridge.ts'
import { ask } from '../support/stateless.ts'

const updated = 'notifications/resources/updated'
const toolsChanged = 'notifications/tools/list_changed'
const tag = (id: unknown) => ({ _meta: { 'io.modelcontextprotocol/subscriptionId': id } })
const start = (env = {}) => startBridge(env, { probeSeconds: 0.1 })
const newer = fileURLToPath(new URL('../../conformance/fixtures/sdk-2.mjs', import.meta.url))
const native = { GANTRY_COMMAND: JSON.stringify([process.execPath, newer]) }
const callTool = async (url: string, name: string, args: object = {}) =>
  (await readAnswer(await ask(url, 'tools/call', { name, arguments: args }))).result?.content[0]?.text

/** An open subscription: its messages one by one, the acknowledgement first. */
async function listen(url: string, id: unknown, notifications: object) {
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const response = await ask(url, 'subscriptions/listen', { notifications }, { id, init: { signal: leaving.signal } })
  const events = readEvents(response)
  const next = async (): Promise<unknown> => {
    const { data } = (await events.next()).value ?? { data: 'null' }
    return data === undefined ? next() : JSON.parse(data)
  }
  return { next, events, leave: () => leaving.abort() }
}

test('a subscription is acknowledged with what the server can tell, and gets that and no more', async () => {
  const { url } = await start()
  const both = await listen(url, 'a', { toolsListChanged: true, promptsListChanged: true, resourceSubscriptions: ['test:1'] })
  const other = await listen(url, 7, { resourceSubscriptions: ['test:2'] })
  const agreed = { toolsListChanged: true, resourceSubscriptions: ['test:1'] }
  expect(await both.next()).toMatchObject({
    method: 'notifications/subscriptions/acknowledged',
    params: { ...tag('a'), notifications: agreed },
  })
  expect(await other.next()).toMatchObject({ params: { ...tag(7), notifications: { resourceSubscriptions: ['test:2'] } } })
  await callTool(url, 'notify', { method: updated, params: { uri: 'test:2' } })
  await callTool(url, 'notify', { method: toolsChanged })
  await callTool(url, 'notify', { method: updated, params: { uri: 'test:1' } })
  expect(await both.next()).toEqual({ jsonrpc: '2.0', method: toolsChanged, params: tag('a') })
  expect(await both.next()).toEqual({ jsonrpc: '2.0', method: updated, params: { ...tag('a'), uri: 'test:1' } })
  expect(await other.next()).toEqual({ jsonrpc: '2.0', method: updated, params: { ...tag(7), uri: 'test:2' } })
})

test('the server hears of the first reader of a resource and of the last', async () => {
  const { url } = await start()
  const [first, second] = [
    await listen(url, 1, { resourceSubscriptions: ['test:1'] }),
    await listen(url, 2, { resourceSubscriptions: ['test:1'] }),
  ]
  await Promise.all([first.next(), second.next()])
  first.leave()
  await callTool(url, 'echo', { value: 1 })
  expect(await callTool(url, 'subscribed')).toBe('test:1')
  second.leave()
  await expect.poll(() => callTool(url, 'subscribed')).toBe('')
})

test.each([
  ['of the 2025 revisions', {}],
  ['of the stateless revision', native],
])('a bridge that drains ends the subscriptions to a server %s in good order', async (_, env) => {
  const { url, bridge } = await start(env)
  const { next } = await listen(url, 'last', { toolsListChanged: true })
  await next()
  const drained = bridge.drain()
  expect(await next()).toEqual({ jsonrpc: '2.0', id: 'last', result: { resultType: 'complete', ...tag('last') } })
  await drained
})

test('a server that ends ends its subscriptions with an error', async () => {
  const { url } = await start()
  const { next } = await listen(url, 1, { toolsListChanged: true })
  await next()
  await callTool(url, 'exit', { code: 3 })
  expect(await next()).toMatchObject({ id: 1, error: { code: -32603 } })
})

test('an open subscription keeps its server', async () => {
  const { url } = await startBridge({}, { probeSeconds: 0.1, keepAliveSeconds: 0.08, idleSeconds: 0.15 })
  const { next, events } = await listen(url, 1, { toolsListChanged: true })
  await next()
  for (let count = 0; count < 5; count++) expect((await events.next()).value).toEqual({ comment: 'keep-alive' })
  await callTool(url, 'notify', { method: toolsChanged })
  expect(await next()).toMatchObject({ method: toolsChanged })
})
