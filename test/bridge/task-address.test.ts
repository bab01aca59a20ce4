import { expect, test } from 'vitest'
import { readTaskAddress } from '../../bridge/task-address.ts'
import { startUpstream } from './support/start-upstream.ts'

async function metadata(body: unknown): Promise<string> {
  const port = await startUpstream((_, res) => res.end(typeof body === 'string' ? body : JSON.stringify(body)))
  return `http://127.0.0.1:${port}/v4/0123`
}

test('the address is the one that the task metadata endpoint names', async () => {
  const url = await metadata({ DockerId: 'x', Networks: [{ NetworkMode: 'awsvpc', IPv4Addresses: ['10.0.2.106'] }] })
  expect(await readTaskAddress(url)).toBe('10.0.2.106')
})

test.each([
  ['no JSON', 'starting'],
  ['no networks', {}],
  ['no IPv4 address', { Networks: [{ IPv6Addresses: ['::1'] }] }],
])('%s in the answer is an error that names the endpoint', async (_, body) => {
  const url = await metadata(body)
  await expect(readTaskAddress(url)).rejects.toThrow(`${url} names no IPv4 address`)
})

test('an endpoint that does not answer is an error that names it', async () => {
  await expect(readTaskAddress('http://127.0.0.1:1/v4/0')).rejects.toThrow('http://127.0.0.1:1/v4/0 does not answer')
})
