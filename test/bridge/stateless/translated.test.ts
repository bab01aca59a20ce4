import { expect, test } from 'vitest'
import { signIdentity } from '../support/identity.ts'
import { post, readAnswer, readEvents, readMessages } from '../support/raw.ts'
import { startBridge } from '../support/start-bridge.ts'
import { ask, meta, mirrored } from '../support/stateless.ts'

const start = () => startBridge({}, { probeSeconds: 0.1 })
const textOf = async (response: Promise<Response>) => (await readAnswer(await response)).result?.content[0]?.text
const callTool = (url: string, name: string, args: object = {}, options: Parameters<typeof ask>[3] = {}) =>
  ask(url, 'tools/call', { name, arguments: args }, options)

test('a stateless client lists and calls the tools of a server of the 2025 revisions, and gets no session', async () => {
  const { url } = await start()
  const list = await ask(url, 'tools/list')
  expect(list.headers.get('mcp-session-id')).toBe(null)
  expect(await list.json()).toMatchObject({ id: 1, result: { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } })
  const called = await callTool(url, 'echo', { value: 'hi' }, { id: 'x' })
  expect(await called.json()).toEqual({
    jsonrpc: '2.0',
    id: 'x',
    result: { resultType: 'complete', content: [{ type: 'text', text: 'hi' }] },
  })
})

test('what the server said to initialize is what it says to server/discover', async () => {
  const { url } = await start()
  expect((await readAnswer(await ask(url, 'server/discover'))).result).toEqual({
    resultType: 'complete',
    ttlMs: 0,
    cacheScope: 'private',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: { listChanged: true }, resources: { subscribe: true } },
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'fixture', version: '1' } },
  })
})

test('each caller has a server of its own, which serves all of its calls', async () => {
  const { url } = await start()
  const bob = { headers: { 'x-gantry-identity': signIdentity({ sub: 'bob' }) } }
  const pids = await Promise.all([
    textOf(callTool(url, 'pid')),
    textOf(callTool(url, 'pid')),
    textOf(callTool(url, 'pid', {}, bob)),
    textOf(callTool(url, 'pid', {}, bob)),
  ])
  expect(pids[0]).toBe(pids[1])
  expect(pids[2]).toBe(pids[3])
  expect(pids[0]).not.toBe(pids[2])
})

test('calls at once with one id and one progress token do not cross', async () => {
  const { url } = await start()
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const response = await callTool(url, 'progress', { steps: index }, { id: 7, _meta: { progressToken: 'same' } })
      const isStream = response.headers.get('content-type') === 'text/event-stream'
      return isStream ? await readMessages(response) : [await readAnswer(response)]
    }),
  )
  expect(answers.map((messages) => messages.filter(({ method }) => method).length)).toEqual(answers.map((_, index) => index))
  expect(new Set(answers.map((messages) => messages.at(-1)?.id))).toEqual(new Set([7]))
  expect(JSON.stringify(answers)).not.toMatch(/"progressToken":(?!"same")/)
})

test('numbers keep their digits on the way to the server, and what is of the newer revision stays away from it', async () => {
  const { url } = await start()
  const params = { name: 'line', arguments: {}, inputResponses: {}, _meta: {} }
  const line = await textOf(ask(url, 'tools/call', params, { _meta: { traceparent: 'kept' }, id: 5 }))
  expect(JSON.parse(line ?? '').params).toEqual({ _meta: { traceparent: 'kept' }, name: 'line', arguments: {} })
  const body = JSON.stringify({ value: 1 }).replace('1', '12345678901234567890')
  const raw = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"line","arguments":${body},"_meta":${JSON.stringify(meta)}}}`
  expect(await textOf(post(url, raw, mirrored('tools/call', 'line')))).toContain('12345678901234567890')
})

test('a server that ends fails the calls under way, and the next call starts another', async () => {
  const { url } = await start()
  const [hanging, exiting] = [callTool(url, 'hang'), callTool(url, 'exit', { code: 3 }, { id: 2 })]
  expect((await readAnswer(await hanging)).error).toMatchObject({ code: -32603, message: expect.stringContaining('exit code 3') })
  expect((await readAnswer(await exiting)).id).toBe(2)
  expect(await textOf(callTool(url, 'echo', { value: 'again' }))).toBe('again')
})

test('a client that leaves cancels its call at the server', async () => {
  const { url } = await start()
  const leaving = new AbortController()
  await textOf(callTool(url, 'echo', { value: 1 }))
  const left = callTool(url, 'hang', {}, { init: { signal: leaving.signal } })
  await textOf(callTool(url, 'echo', { value: 2 }))
  leaving.abort()
  await expect(left).rejects.toThrow()
  await expect.poll(() => textOf(callTool(url, 'cancelled'))).toBe('1')
})

const asked = { name: 'ask', arguments: {} }
const capable = { _meta: { 'io.modelcontextprotocol/clientCapabilities': { roots: {} } } }
type Asked = { result: { inputRequests: Record<string, object>; requestState: string } }
const question = async (url: string) => (await (await ask(url, 'tools/call', asked, capable)).json()) as Asked

test('what a server asks in the middle of a call is its answer until the client calls again', async () => {
  const { url } = await start()
  const { result } = await question(url)
  const [key = ''] = Object.keys(result.inputRequests)
  expect(result).toMatchObject({ resultType: 'input_required', inputRequests: { [key]: { method: 'roots/list', params: {} } } })
  const retry = { ...asked, requestState: result.requestState, inputResponses: { [key]: { roots: [{ uri: 'file:///here' }] } } }
  expect(await textOf(ask(url, 'tools/call', retry, { ...capable, id: 'retry' }))).toContain('file:///here')
})

test('a client that calls again without what was asked for is asked again', async () => {
  const { url } = await start()
  const { requestState } = (await question(url)).result
  const again = await ask(url, 'tools/call', { ...asked, requestState, inputResponses: { other: {} } }, capable)
  expect(await again.json()).toMatchObject({ result: { resultType: 'input_required', inputRequests: expect.anything() } })
})

test('a call is gone on with by its own caller, once, and for what it was made', async () => {
  const { url } = await start()
  const codeOf = async (params: object, options: object = {}) =>
    (await readAnswer(await ask(url, 'tools/call', { ...asked, ...params }, { ...capable, ...options }))).error?.code
  const { requestState } = (await question(url)).result
  const bob = { headers: { 'x-gantry-identity': signIdentity({ sub: 'bob' }) } }
  expect(await codeOf({ requestState }, bob)).toBe(-32602)
  expect(await codeOf({ requestState, name: 'echo' })).toBe(-32602)
  expect(await codeOf({ requestState: `${requestState}x` })).toBe(-32602)
  expect(await codeOf({ requestState })).toBe(undefined)
  expect(await codeOf({ requestState })).toBe(-32602)
})

test('a server that asks for roots that the client does not have goes on without', async () => {
  const { url } = await start()
  expect(await textOf(callTool(url, 'ask'))).toContain('-32601')
})

test('a server that asks for what the client does not have fails the call with what is missing, and hears of it', async () => {
  const { url } = await start()
  const response = await callTool(url, 'ask', { method: 'sampling/createMessage' })
  const { error } = await readAnswer(response)
  expect([response.status, error]).toMatchObject([400, { code: -32021, data: { requiredCapabilities: { sampling: {} } } }])
  expect(await textOf(callTool(url, 'cancelled'))).toBe('1')
})

test.each(['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'tasks/list', 'no/such'])(
  '%s is no method here',
  async (method) => {
    const { url } = await start()
    const response = await ask(url, method)
    expect([response.status, (await readAnswer(response)).error?.code]).toEqual([404, -32601])
  },
)

test('an 11 MiB result passes', async () => {
  const { url } = await start()
  expect((await textOf(callTool(url, 'big', { bytes: 11 * 1024 * 1024 })))?.length).toBe(11 * 1024 * 1024)
})

test('a call that takes long becomes a stream with keep-alive comments', async () => {
  const { url } = await startBridge({}, { probeSeconds: 0.1, keepAliveSeconds: 0.08 })
  const slow = await callTool(url, 'later', { ms: 300, value: 'late' })
  expect((await readEvents(slow).next()).value?.comment).toBe('keep-alive')
})
