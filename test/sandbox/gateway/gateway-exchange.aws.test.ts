import { type IncomingMessage, type RequestListener, request } from 'node:http'
import { beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { dataPlaneClients } from '../../support/data-plane/clients.ts'
import { authorized, startGateway } from '../../support/data-plane/start-gateway.ts'

const unhealthy = new Set<number>()
let backend: RequestListener = (_, response) => response.end('ok')
let url: string
let backendPort: number

beforeAll(async () => {
  const gateway = await startGateway(dataPlaneClients(inject('emulatorUrl')), {
    backend: (incoming, response) => backend(incoming, response),
    isHealthy: (port) => !unhealthy.has(port),
  })
  ;({ url, backendPort } = gateway)
  return gateway.close
})
beforeEach(() => {
  unhealthy.clear()
  backend = (_, response) => response.end('ok')
})

test("what the backend gets are the mapping's headers, not the caller's token", async () => {
  let headers: IncomingMessage['headers'] = {}
  backend = (incoming, response) => {
    headers = incoming.headers
    response.end()
  }
  await fetch(`${url}/mcp/everything/mcp`, { headers: { ...authorized, 'Mcp-Session-Id': 's' } })
  expect(headers).toMatchObject({
    'x-gantry-identity': 'signed',
    authorization: 'none',
    'mcp-session-id': 's',
    'x-forwarded-proto': 'http',
  })
})

test('a header of the same name in another case is another header', async () => {
  let raw: string[] = []
  backend = (incoming, response) => {
    raw = incoming.rawHeaders
    response.end()
  }
  await fetch(`${url}/mcp/everything/mcp`, { headers: { ...authorized, 'x-gantry-identity': 'forged' } })
  expect(raw.filter((_, index) => raw[index - 1]?.toLowerCase() === 'x-gantry-identity')).toEqual(['forged', 'signed'])
})

test('without a healthy target the answer is 503', async () => {
  unhealthy.add(backendPort)
  expect((await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })).status).toBe(503)
})

test('a target that drops the connection is a 502', async () => {
  backend = (incoming) => incoming.socket.destroy()
  expect((await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })).status).toBe(502)
})

test('a streamed answer arrives as it is written', async () => {
  let write: (text: string) => void = () => undefined
  backend = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    write = (text) => response.write(text)
  }
  const response = await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })
  const reader = response.body?.getReader()
  for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
    write(text)
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(text)
  }
  await reader?.cancel()
})

test('a client that leaves is gone for the backend too', async () => {
  const left = new Promise<void>((resolve) => {
    backend = (_, response) => {
      response.on('close', resolve)
      response.writeHead(200).write('first')
    }
  })
  const abort = new AbortController()
  const response = await fetch(`${url}/mcp/everything/mcp`, { headers: authorized, signal: abort.signal })
  await response.body?.getReader().read()
  abort.abort()
  await left
})

test('a buffered integration that is too slow is a 504', async () => {
  backend = () => undefined
  expect((await fetch(`${url}/mcp/buffered`, { headers: authorized })).status).toBe(504)
})

test('a body over 10 MB is refused, whether its length is said or not', async () => {
  backend = (incoming, response) => incoming.resume().on('end', () => response.end('taken'))
  const status = (headers: Record<string, string>, body: Buffer): Promise<number> =>
    new Promise((resolve, reject) => {
      const call = request(`${url}/mcp/everything/mcp`, { method: 'POST', headers: { ...authorized, ...headers } }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      call.on('error', reject)
      call.write(body)
      call.end()
    })
  const most = Buffer.alloc(10 * 1024 * 1024)
  const more = Buffer.alloc(10 * 1024 * 1024 + 1)
  expect(await status({ 'content-length': String(most.length) }, most)).toBe(200)
  expect(await status({ 'content-length': String(more.length) }, more)).toBe(413)
  expect(await status({ 'transfer-encoding': 'chunked' }, more)).toBe(413)
})

test("a backend's own challenge is remapped", async () => {
  backend = (_, response) => response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end()
  const { headers } = await fetch(`${url}/mcp/everything/mcp`, { headers: authorized })
  expect([headers.get('www-authenticate'), headers.get('x-amzn-remapped-www-authenticate')]).toEqual([null, 'Basic'])
})
