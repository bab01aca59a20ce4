import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { expect, onTestFinished, test } from 'vitest'
import { type ProxyOutcome, type ProxyRequest, proxyHttp } from '../../../sandbox/gateway/proxy-http.ts'
import { signIdentity } from '../../bridge/support/identity.ts'
import { startBridge } from '../../bridge/support/start-bridge.ts'

async function listen(handle: RequestListener): Promise<number> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** The edge in front of a port, with its limits changed; what became of each call. */
async function startEdge(port: number, changes: Partial<ProxyRequest>) {
  const outcomes: { method: string | undefined; outcome: ProxyOutcome }[] = []
  const edge = await listen(async (request, response) => {
    const headers = request.rawHeaders.flatMap((name, index, raw) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []))
    const plan = { host: '127.0.0.1', port, httpMethod: request.method ?? '', path: request.url ?? '', headers, stream: true }
    const outcome = await proxyHttp(request, response, { ...plan, timeoutMs: 900_000, idleMs: 900_000, requestId: 'r', ...changes })
    outcomes.push({ method: request.method, outcome })
  })
  return { outcomes, url: `http://127.0.0.1:${edge}` }
}

async function connect(url: string) {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { 'x-gantry-identity': signIdentity() } },
    reconnectionOptions: { initialReconnectionDelay: 10, maxReconnectionDelay: 10, reconnectionDelayGrowFactor: 1, maxRetries: 2 },
  })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return { client, transport }
}

test('a call that is cut when its time is over is resumed by an official client and answered once', async () => {
  const { url } = await startBridge({}, { keepAliveSeconds: 0.1 })
  const edge = await startEdge(Number(new URL(url).port), { timeoutMs: 500 })
  const { client, transport } = await connect(edge.url + new URL(url).pathname)
  const answers: unknown[] = []
  const { onmessage } = transport
  transport.onmessage = (message: JSONRPCMessage) => {
    if ('result' in message) answers.push(message.result)
    onmessage?.(message)
  }
  const result = await client.callTool({ name: 'later', arguments: { ms: 1200, value: 'whole' } })
  expect(edge.outcomes).toContainEqual({ method: 'POST', outcome: 'aborted' })
  // What comes after it on the same way shows that nothing came twice.
  expect(await client.callTool({ name: 'echo', arguments: { value: 'after' } })).toMatchObject({ content: [{ text: 'after' }] })
  expect(answers).toEqual([result, { content: [{ type: 'text', text: 'after' }] }])
  expect(result).toMatchObject({ content: [{ text: 'whole' }] })
})

test('keep-alives carry a call through silence that would end it', async () => {
  const { url } = await startBridge({}, { keepAliveSeconds: 0.1 })
  const edge = await startEdge(Number(new URL(url).port), { idleMs: 400 })
  const { client } = await connect(edge.url + new URL(url).pathname)
  await client.callTool({ name: 'later', arguments: { ms: 1200, value: 'kept' } })
  expect(edge.outcomes.map(({ outcome }) => outcome)).not.toContain('aborted')
})

test('a stream without a byte for too long is cut', async () => {
  const port = await listen((_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n'))
  const edge = await startEdge(port, { idleMs: 50 })
  const reader = (await fetch(edge.url)).body?.getReader()
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 1\n\n')
  await expect(reader?.read()).rejects.toThrow()
  expect(edge.outcomes).toEqual([{ method: 'GET', outcome: 'aborted' }])
})

test.each([
  ['idle', { idleMs: 50 }],
  ['timeout', { timeoutMs: 50 }],
] as const)('without an answer in time the outcome is %s, and nothing was sent', async (outcome, changes) => {
  const port = await listen(() => undefined)
  const edge = await listen(async (request, response) => {
    const plan = {
      host: '127.0.0.1',
      port,
      httpMethod: 'GET',
      path: '/',
      headers: [['Host', 'edge']] as const,
      stream: true,
      requestId: 'r',
    }
    response.end(await proxyHttp(request, response, { ...plan, timeoutMs: 900_000, idleMs: 900_000, ...changes }))
  })
  expect(await (await fetch(`http://127.0.0.1:${edge}`)).text()).toBe(outcome)
})

test('a client that left while its call was let in is not called for', async () => {
  const called: string[] = []
  const port = await listen((request, response) => {
    called.push(request.url ?? '')
    response.end()
  })
  const leaving = new AbortController()
  const outcome = new Promise<ProxyOutcome>((resolve) => {
    void listen(async (request, response) => {
      leaving.abort()
      await once(response, 'close')
      const plan = { host: '127.0.0.1', port, httpMethod: 'GET', path: '/', headers: [], stream: true }
      resolve(await proxyHttp(request, response, { ...plan, timeoutMs: 500, idleMs: 500, requestId: 'r' }))
    }).then((edge) => fetch(`http://127.0.0.1:${edge}`, { signal: leaving.signal }).catch(() => {}))
  })
  expect([await outcome, called]).toEqual(['aborted', []])
})
