import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLargePayloads } from '../../bridge/large-payloads.ts'
import { defaultLimits } from '../../bridge/limits.ts'
import { readBody } from '../../bridge/read-body.ts'

const limits = { ...defaultLimits(), largeBytes: 10, inFlightBytes: 100, patienceSeconds: 0.05 }

function start({ maxBytes = 50, headers = {}, payloads = createLargePayloads(limits) } = {}) {
  const stream = new PassThrough()
  const req = Object.assign(stream, { headers }) as unknown as IncomingMessage
  return { stream, payloads, body: readBody(req, maxBytes, payloads) }
}

test('however a body is cut into chunks, it is the same, and above the limit it is too large', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 12 }), async (chunks) => {
      const { stream, body } = start()
      for (const chunk of chunks) stream.write(chunk)
      stream.end()
      const whole = Buffer.concat(chunks)
      const read = await body
      expect(typeof read === 'string' ? read : read.bytes).toEqual(whole.length > 50 ? 'too large' : whole)
    }),
  )
})

test('a length above the limit is refused before a byte is read', async () => {
  expect(await start({ headers: { 'content-length': '51' } }).body).toBe('too large')
})

test('a client that leaves in the middle leaves its room', async () => {
  const { stream, body, payloads } = start({ maxBytes: 100 })
  stream.write('x'.repeat(20))
  await new Promise(setImmediate)
  stream.destroy()
  expect([await body, payloads.enter(100) instanceof Promise]).toEqual(['aborted', false])
})

test('a large body waits for room, and one that comes too slowly loses its own to it', async () => {
  const { stream: slow, body: slowBody, payloads } = start({ maxBytes: 100 })
  slow.write('x'.repeat(20))
  await new Promise(setImmediate)
  const { stream, body } = start({ maxBytes: 100, payloads })
  stream.end('y'.repeat(30))
  expect(await slowBody).toBe('too slow')
  expect(await body).toMatchObject({ bytes: Buffer.from('y'.repeat(30)) })
})
