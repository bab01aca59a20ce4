import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { expect, onTestFinished, test } from 'vitest'
import { signIdentity } from '../support/identity.ts'
import { initializeBody, listen, post, readEvents } from '../support/raw.ts'
import { startBridge } from '../support/start-bridge.ts'

const headers = { 'x-gantry-identity': signIdentity() }

test('an official client of the old transport lists and calls tools', async () => {
  const { url } = await startBridge()
  const client = new Client({ name: 'test', version: '1' })
  onTestFinished(() => client.close())
  await client.connect(new SSEClientTransport(new URL(url.replace(/mcp$/, 'sse')), { requestInit: { headers } }))
  let progress = 0
  await client.callTool({ name: 'progress-then-later', arguments: { ms: 300, value: 'old' } }, undefined, { onprogress: () => progress++ })
  expect(progress).toBe(1)
  expect(JSON.stringify(await client.callTool({ name: 'echo', arguments: { value: 'old' } }))).toContain('old')
})

test('the endpoint is a path of the public URL, and belongs to the caller who opened the stream', async () => {
  const { origin } = await startBridge({ GANTRY_PUBLIC_URL: 'http://gateway.test/live' })
  const leaving = new AbortController()
  const events = readEvents(await listen(`${origin}/mcp/fixture/sse`, headers, { signal: leaving.signal }))
  const endpoint = (await events.next()).value
  expect(endpoint).toMatchObject({ event: 'endpoint', data: expect.stringMatching(/^\/live\/mcp\/fixture\/messages\?sessionId=.+/) })
  const bob = { 'x-gantry-identity': signIdentity({ sub: 'bob' }) }
  expect((await post(`${origin}${endpoint?.data}`, initializeBody(), bob)).status).toBe(404)
  expect((await post(`${origin}${endpoint?.data}`, initializeBody())).status).toBe(202)
  expect((await events.next()).value?.data).toContain('protocolVersion')
  leaving.abort()
})
