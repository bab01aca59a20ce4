import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { shakeHands } from '../../runner/steps/shake-hands.ts'

let server: Server | undefined
afterEach(() => server?.close())

async function listen(handle: RequestListener): Promise<string> {
  server = createServer(handle)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp/x/mcp`
}

type Answer = (request: { id?: number; method: string; params?: { cursor?: string } }) => { status?: number; body?: object | string }

/** Answers JSON-RPC as told, one POST at a time. */
const rpc =
  (answer: Answer, seen: string[] = []): RequestListener =>
  async (request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405).end()
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    seen.push(request.headers.authorization ?? '')
    const message = JSON.parse(Buffer.concat(chunks).toString())
    const { status = 200, body } = answer(message)
    if (message.id === undefined && status === 200) response.writeHead(202).end()
    else if (typeof body === 'string') response.writeHead(status).end(body)
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...body }))
  }

const initialized = {
  result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'fake', version: '1' } },
}
const tool = (name: string) => ({ name, inputSchema: { type: 'object' } })

const works: Answer = ({ method, params }) => {
  if (method === 'initialize') return { body: initialized }
  if (params?.cursor) return { body: { result: { tools: [tool('second')] } } }
  return { body: { result: { tools: [tool('first')], nextCursor: 'more' } } }
}

const shake = (url: string, more: object = {}) =>
  shakeHands({ url, token: 'secret', signal: new AbortController().signal, pollMilliseconds: 5, ...more })

describe('shaking hands', () => {
  test('initializes with its token and lists every page of tools', async () => {
    const seen: string[] = []
    const { tools, serverVersion } = await shake(await listen(rpc(works, seen)))
    expect(tools.map(({ name }) => name)).toEqual(['first', 'second'])
    expect(serverVersion).toMatchObject({ name: 'fake' })
    expect(new Set(seen)).toEqual(new Set(['Bearer secret']))
  })

  test('waits while the route is not there yet', async () => {
    let calls = 0
    const url = await listen(rpc((request) => (++calls <= 3 ? { status: 503, body: 'no target' } : works(request))))
    expect((await shake(url)).tools).toHaveLength(2)
    expect(calls).toBeGreaterThan(3)
  })

  test('a server whose child dies at initialize is told of at once, in its own words', async () => {
    let calls = 0
    const message = 'the server process ended with exit code 3'
    const url = await listen(
      rpc(() => {
        calls += 1
        return { body: { error: { code: -32603, message } } }
      }),
    )
    await expect(shake(url)).rejects.toThrow(message)
    expect(calls).toBe(1)
  })

  test('a refused token is not tried again', async () => {
    let calls = 0
    const url = await listen(rpc(() => ({ status: 401, body: String(++calls) })))
    await expect(shake(url)).rejects.toThrow()
    expect(calls).toBe(1)
  })

  test('gives up on a route that never comes', async () => {
    const url = await listen(rpc(() => ({ status: 503, body: 'no target' })))
    await expect(shake(url, { routeTimeoutSeconds: 0.05 })).rejects.toThrow('no target')
  })

  test('does not wait for a route whose tasks have died', async () => {
    let calls = 0
    const url = await listen(rpc(() => ({ status: 503, body: `no target ${++calls}` })))
    const beforeRetry = async () => {
      throw new Error('task 1 exited with code 7')
    }
    await expect(shake(url, { beforeRetry })).rejects.toThrow('exited with code 7')
    expect(calls).toBe(1)
  })

  test('stops when the run is stopped', async () => {
    const stop = new AbortController()
    const url = await listen(
      rpc(() => {
        stop.abort(new Error('stopped'))
        return { status: 503, body: 'no target' }
      }),
    )
    await expect(shake(url, { signal: stop.signal })).rejects.toThrow('stopped')
  })
})
