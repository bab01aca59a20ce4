import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { ListRootsRequestSchema, LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, test } from 'vitest'
import {
  type Answer,
  call,
  initialize,
  initializeBody,
  listen,
  post,
  readAllEvents,
  readAnswer,
  readEvents,
  readMessages,
} from '../support/raw.ts'
import { connectClient, startBridge } from '../support/start-bridge.ts'

test('an official client lists and calls the tools of a stdio server', async () => {
  const { url } = await startBridge()
  const { client } = await connectClient(url)
  const { tools } = await client.listTools()
  expect(tools.map((tool) => tool.name)).toContain('echo')
  const result = await client.callTool({ name: 'echo', arguments: { value: 'grüße\u2028' } })
  expect(result.content).toEqual([{ type: 'text', text: 'grüße\u2028' }])
})

test('every progress message of 100 calls at once arrives at its own call', async () => {
  const { url } = await startBridge()
  const { client } = await connectClient(url)
  const steps = (index: number) => 3 + (index % 5)
  const seen = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      let count = 0
      await client.callTool({ name: 'progress', arguments: { steps: steps(index) } }, undefined, { onprogress: () => count++ })
      return count
    }),
  )
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => steps(index)))
})

test('a server can ask its client in the middle of a call', async () => {
  const { url } = await startBridge()
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { roots: {} } })
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///here' }] }))
  await connectClient(url, { client })
  expect(JSON.stringify(await client.callTool({ name: 'ask' }))).toContain('file:///here')
})

test('what a server says outside of any call arrives on the GET stream', async () => {
  const { url } = await startBridge()
  const client = new Client({ name: 'test', version: '1' })
  const heard = new Promise((resolve) =>
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => resolve(params.data)),
  )
  await connectClient(url, { client })
  await client.callTool({ name: 'announce', arguments: { value: 'news' } })
  expect(await heard).toBe('news')
})

test('what a server says while nobody listens waits for the next GET stream', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  await post(url, call(1, 'announce', { value: 'early' }), session)
  await post(url, call(2, 'echo', { value: 1 }), session)
  const leaving = new AbortController()
  const event = (await readEvents(await listen(url, session, { signal: leaving.signal })).next()).value
  leaving.abort()
  expect(event?.data).toContain('early')
  const again = await listen(url, { ...session, 'last-event-id': '0-0' })
  expect((await readEvents(again).next()).value).toEqual(event)
})

test.each(['1', '1.0', '-0.5', '12345678901234567890', '"a\\"b"', '"__proto__"', `"${'x'.repeat(65536)}"`, '"\\u0061"'])(
  'the id %.20s comes back as it was sent',
  async (id) => {
    const { url } = await startBridge()
    const session = await initialize(url)
    const response = await post(url, `{"jsonrpc":"2.0","id":${id},"method":"ping"}`, session)
    expect(await response.text()).toContain(`"id":${id}}`)
  },
)

test('without text/event-stream the answer is JSON, and without application/json it is a stream', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const json = await post(url, call(1, 'progress', { steps: 2 }, { progressToken: 'p' }), { ...session, accept: 'application/json' })
  expect([json.headers.get('content-type'), (await readAnswer(json)).id]).toEqual(['application/json', 1])
  const stream = await post(url, call(2, 'echo', { value: 1 }), { ...session, accept: 'text/event-stream' })
  expect([stream.headers.get('content-type'), (await readMessages(stream))[0]?.id]).toEqual(['text/event-stream', 2])
})

test('notifications and answers are taken with 202 and no body', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const response = await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, session)
  expect([response.status, await response.text()]).toEqual([202, ''])
})

test('a batch of 2025-03-26 is answered whole, as a stream or as one array', async () => {
  const { url } = await startBridge()
  const session = await initialize(url, {}, '2025-03-26')
  const batch = [call('a', 'echo', { value: 1 }), { jsonrpc: '2.0', method: 'notifications/x' }, call('b', 'echo', { value: 2 })]
  const array: Answer[] = JSON.parse(await (await post(url, batch, { ...session, accept: 'application/json' })).text())
  const stream = await readMessages(await post(url, batch, session))
  const ids = (messages: Answer[]) => messages.map((message) => message.id).sort()
  expect([ids(array), ids(stream)]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ])
})

test('a cancelled call is closed although the server never answers it', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const hanging = post(url, call(9, 'hang'), session)
  await post(url, call(10, 'echo', { value: 1 }), session)
  await post(url, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 9 } }, session)
  expect(await (await hanging).text()).toBe('')
})

test('a call that takes long becomes a stream with keep-alive comments', async () => {
  const { url } = await startBridge({}, { keepAliveSeconds: 0.08 })
  const session = await initialize(url)
  const response = await post(url, call(1, 'later', { ms: 400, value: 'late' }), session)
  const events = await readAllEvents(response)
  expect(events.filter((event) => event.comment === 'keep-alive').length).toBeGreaterThanOrEqual(2)
  expect(events.at(-1)?.data).toContain('late')
})

test('a client that lost its connection resumes the call with Last-Event-ID', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const lost = new AbortController()
  const response = await post(url, call(1, 'progress-then-later', { ms: 200, value: 'kept' }, { progressToken: 1 }), session, {
    signal: lost.signal,
  })
  const first = (await readEvents(response).next()).value
  lost.abort()
  const resumed = await listen(url, { ...session, 'last-event-id': first?.id ?? '' })
  expect(JSON.stringify(await readMessages(resumed))).toContain('kept')
})

test('a resumed stream with nothing to send yet begins with an id, so that it can be resumed again', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const stream = readEvents(await post(url, call(1, 'progress-then-later', { ms: 60_000 }, { progressToken: 1 }), session))
  const [, progress] = [await stream.next(), await stream.next()]
  const resumed = readEvents(await listen(url, { ...session, 'last-event-id': progress.value?.id ?? '' }))
  expect((await resumed.next()).value).toEqual({ id: progress.value?.id, data: '' })
})

test('what was sent while the call had ended is still there to resume', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const stream = await post(url, call(1, 'progress', { steps: 3 }, { progressToken: 1 }), session)
  const events = (await readAllEvents(stream)).filter((event) => event.id)
  const resumed = await readMessages(await listen(url, { ...session, 'last-event-id': events[1]?.id ?? '' }))
  expect(resumed.map((message) => JSON.stringify(message))).toEqual(events.slice(2).map((event) => event.data))
})

test('an 11 MiB result and a 5 MB body pass', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const big = await readAnswer(await post(url, call(1, 'big', { bytes: 11 * 1024 * 1024 }), session))
  expect(big.result?.content[0]?.text.length).toBe(11 * 1024 * 1024)
  const sent = await readAnswer(await post(url, call(2, 'length', { value: 'x'.repeat(5_000_000) }), session))
  expect(sent.result?.content[0]?.text).toBe('5000000')
})

test('DELETE ends the session', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  expect((await listen(url, session, { method: 'DELETE' })).status).toBe(204)
  expect((await post(url, call(1, 'echo'), session)).status).toBe(404)
})

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
test.each<[string, number, number, unknown, Record<string, string>]>([
  ['no JSON', 400, -32700, '{"jsonrpc"', {}],
  ['an empty body', 400, -32700, '', {}],
  ['no JSON-RPC', 400, -32600, { hello: 1 }, {}],
  ['an empty batch', 400, -32600, [], {}],
  ['a batch in a revision without batches', 400, -32600, [{ jsonrpc: '2.0', method: 'notifications/x' }], {}],
  ['initialize in a batch behind a notification', 400, -32600, [{ jsonrpc: '2.0', method: 'notifications/x' }, initializeBody()], {}],
  ['initialize in a batch', 400, -32600, [initializeBody()], {}],
  ['initialize in a session', 400, -32600, initializeBody(), {}],
  ['another content type', 415, -32000, ping, { 'content-type': 'text/plain' }],
  ['a compressed body', 415, -32000, ping, { 'content-encoding': 'gzip' }],
  ['an Accept for pictures', 406, -32000, ping, { accept: 'image/png' }],
  ['an unknown session', 404, -32001, ping, { 'mcp-session-id': 'x' }],
  ['an unknown revision', 400, -32000, ping, { 'mcp-protocol-version': '1999-01-01' }],
])('%s is refused with the error of the spec, and the session lives on', async (_, status, code, body, headers) => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const response = await post(url, body, { ...session, ...headers })
  expect([response.status, (await readAnswer(response)).error?.code]).toEqual([status, code])
  expect((await post(url, ping, session)).status).toBe(200)
})

test('a call without a session is 400 and says how to begin', async () => {
  const { url } = await startBridge()
  const response = await post(url, ping)
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('initialize')])
})

test('a second request with an id that still waits is refused', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  const first = post(url, call(1, 'later', { ms: 200, value: 'first' }), session)
  await post(url, call(2, 'echo', { value: 1 }), session)
  const second = await post(url, call(1, 'echo', { value: 'second' }), session)
  expect([second.status, await (await first).text()]).toEqual([400, expect.stringContaining('first')])
})

test('a body above the limit is 413, with its length given or not', async () => {
  const { url } = await startBridge({}, { maxMessageBytes: 100_000 })
  const session = await initialize(url)
  const body = 'x'.repeat(300_000)
  const chunked = new Blob([body]).stream()
  expect((await post(url, body, session)).status).toBe(413)
  expect((await post(url, '', session, { body: chunked, duplex: 'half' })).status).toBe(413)
})

test('GET needs a stream to be accepted, a session and an event id of ours', async () => {
  const { url } = await startBridge()
  const session = await initialize(url)
  expect((await listen(url, { ...session, accept: 'application/json' })).status).toBe(406)
  expect((await listen(url)).status).toBe(400)
  expect((await listen(url, { ...session, 'last-event-id': 'x' })).status).toBe(400)
  expect((await listen(url, session, { method: 'PUT' })).status).toBe(405)
})
