import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { appendEvent } from '../../store/events.ts'
import { createApi, stdio } from './create-api.ts'

let api: Awaited<ReturnType<typeof createApi>>
let server: Server
let url: string
beforeAll(async () => {
  api = await createApi(inject('emulatorUrl'))
  server = createServer(getRequestListener(api.app.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
const authorization = () => `Bearer ${api.admin.token}`

/** Sends chunks until the answer is there; resolves with its status and how much was sent. */
function sendUntilAnswered(chunk: Buffer): Promise<{ status: number | undefined; sent: number }> {
  return new Promise((resolve, reject) => {
    let sent = 0
    const outgoing = request(`${url}/servers`, {
      method: 'POST',
      headers: { authorization: authorization(), 'content-type': 'application/json' },
    })
    const send = () => {
      if (outgoing.writableEnded || outgoing.destroyed) return
      sent += chunk.length
      outgoing.write(chunk, () => setImmediate(send))
    }
    outgoing.on('response', ({ statusCode }) => {
      resolve({ status: statusCode, sent })
      outgoing.destroy()
    })
    outgoing.on('error', reject)
    send()
  })
}

describe('the control plane over HTTP', () => {
  test('answers 413 to an endless chunked body while it is being sent', async () => {
    const { status, sent } = await sendUntilAnswered(Buffer.alloc(16_384, 0x20))
    expect(status).toBe(413)
    expect(sent).toBeLessThan(16 * 1024 * 1024)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  test('passes on each event as it is written', async () => {
    const { body } = await api.call('POST', '/servers', { body: stdio })
    const response = await fetch(`${url}/runs/${body.run.id}/events`, {
      headers: { authorization: authorization(), accept: 'text/event-stream' },
    })
    const reader = response.body?.getReader()
    const next = async () => Buffer.from((await reader?.read())?.value ?? []).toString()
    expect(await next()).toContain('is accepted')
    await appendEvent(api.store, body.run.id, { writer: 'runner', type: 'step.started', message: 'Planning' })
    await expect.poll(next).toContain('Planning')
    await reader?.cancel()
  })

  test('answers HEAD like GET, without a body', async () => {
    const response = await fetch(`${url}/servers`, { method: 'HEAD', headers: { authorization: authorization() } })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })
})
