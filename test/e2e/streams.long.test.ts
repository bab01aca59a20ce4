import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, initializeBody, readAnswer, readEvents, readMessages, type StreamEvent } from '../bridge/support/raw.ts'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { eventually } from '../support/data-plane/eventually.ts'
import { listProcesses } from '../support/resources/list-processes.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { streamingServer } from '../support/streaming-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const url = `${sandbox.url}/mcp/streams/mcp`
const sixMinutes = 360_000
const gatewayMostBytes = 10 * 1024 * 1024

type Headers = Record<string, string>

function send(method: string, session: Headers, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const accept = method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream'
  const headers = { authorization: `Bearer ${sandbox.adminKey}`, accept, 'content-type': 'application/json', ...session }
  return fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}) })
}

async function initialize(): Promise<Headers> {
  const response = await send('POST', {}, initializeBody())
  await response.text()
  return { 'mcp-session-id': response.headers.get('mcp-session-id') ?? '', 'mcp-protocol-version': '2025-11-25' }
}

const progressOf = ({ data }: StreamEvent): number | undefined => (data ? JSON.parse(data).params?.progress : undefined)

/** The next event that reports progress. */
async function nextProgress(events: AsyncGenerator<StreamEvent>): Promise<number | undefined> {
  for (;;) {
    const { value, done } = await events.next()
    if (done) return undefined
    const progress = progressOf(value)
    if (progress !== undefined) return progress
  }
}

/** Two quiet calls that last longer than any silence the way allows: one's events, and the answer that an official client gets. */
async function callPatiently() {
  const official = mcpClient(url, sandbox.adminKey).then(async (client) => {
    const result = await client.callTool({ name: 'wait', arguments: { ms: sixMinutes } }, undefined, { timeout: sixMinutes + 60_000 })
    await client.close()
    return result
  })
  const events: StreamEvent[] = []
  const response = await send('POST', await initialize(), call(1, 'wait', { ms: sixMinutes }))
  for await (const event of readEvents(response)) events.push(event)
  return { events, result: await official }
}

let patient: ReturnType<typeof callPatiently>

beforeAll(async () => {
  const { run } = await gantry.create({ name: 'streams', serverType: 'stdio', startCommand: streamingServer })
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  patient = callPatiently()
  // The last test says what became of it.
  patient.catch(() => undefined)
})

afterAll(async () => void (await gantry.remove('streams')))

it('passes each event on before the server says the next one', async () => {
  const session = await initialize()
  const events = readEvents(await send('POST', session, call(1, 'halt', {}, { progressToken: 1 })))
  expect(await nextProgress(events)).toBe(1)
  expect((await send('POST', session, { jsonrpc: '2.0', method: 'notifications/go' })).status).toBe(202)
  expect(await nextProgress(events)).toBe(2)
})

it('loses none of a hundred progress messages', async () => {
  const messages = await readMessages(await send('POST', await initialize(), call(1, 'count', { steps: 100 }, { progressToken: 1 })))
  const progress = messages.map((message) => (message as { params?: { progress: number } }).params?.progress)
  expect(progress).toEqual([...Array.from({ length: 100 }, (_, index) => index + 1), undefined])
  expect(messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: 'done' }] } })
})

it('takes a body of up to 10 MB, and the edge refuses a larger one', async () => {
  const session = await initialize()
  const measure = (length: number) => call(1, 'measure', { text: 'x'.repeat(length) })
  const envelope = JSON.stringify(measure(0)).length
  const answer = await readAnswer(await send('POST', session, measure(gatewayMostBytes - envelope)))
  expect(answer.result?.content[0]?.text).toBe(String(gatewayMostBytes - envelope))
  expect((await send('POST', session, measure(gatewayMostBytes - envelope + 1))).status).toBe(413)
})

const bridgeProcess = () =>
  listProcesses(sandbox.pid, 'streams').find(({ command }) => command.startsWith('/opt/gantry/node /opt/gantry/bridge.mjs'))
const descriptors = (): number => readdirSync(`/proc/${bridgeProcess()?.pid}/fd`).length

it('frees what a client held that went away, and keeps what was said meanwhile for the next one', async () => {
  const session = await initialize()
  await readAnswer(await send('POST', session, call(0, 'measure', { text: '' })))
  const before = descriptors()
  const leave = new AbortController()
  const listener = await send('GET', session, undefined, leave.signal)
  const calls = Array.from({ length: 20 }, (_, id) => send('POST', session, call(id + 1, 'wait', { ms: sixMinutes }), leave.signal))
  // Some of them take a connection that earlier calls left open.
  await eventually('they have their connections', () => descriptors() >= before + calls.length / 2)
  leave.abort()
  await Promise.allSettled([...calls, listener.text()])
  await eventually('no connection of theirs is left', () => descriptors() <= before)
  await readAnswer(await send('POST', { ...session, accept: 'application/json' }, call(30, 'announce')))
  const { value } = await readEvents(await send('GET', session)).next()
  expect(value?.data).toContain('announced')

  const processes = () => listProcesses(sandbox.pid, 'streams').length
  const withChild = processes()
  expect((await send('DELETE', session)).status).toBe(204)
  await eventually('the child of the session has ended', () => processes() < withChild)
})

it('carries a call of six minutes, with something to hear every 15 seconds', async () => {
  const { events, result } = await patient
  expect(result).toMatchObject({ content: [{ text: 'done' }] })
  expect(JSON.parse(events.at(-1)?.data ?? '{}')).toMatchObject({ id: 1, result: { content: [{ text: 'done' }] } })
  expect(events.filter(({ comment }) => comment === 'keep-alive').length).toBeGreaterThanOrEqual(sixMinutes / 15_000 - 1)
})
