import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { signIdentity } from '../support/identity.ts'
import { call, initialize, initializeBody, listen, post, readAnswer } from '../support/raw.ts'
import { fixture, startBridge } from '../support/start-bridge.ts'

const bob = { 'x-gantry-identity': signIdentity({ sub: 'bob' }) }

/** A server that works only while a file is there. */
async function startFragile(limits = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'fragile-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const switchFile = join(directory, 'on')
  const script = `test -e ${switchFile} || { echo "no database" >&2; exit 1; }; exec node ${fixture('stdio-server.mjs')}`
  const bridge = await startBridge({ GANTRY_COMMAND: JSON.stringify(['/bin/sh', '-c', script]) }, limits)
  return { ...bridge, repair: () => writeFile(switchFile, ''), begin: (headers = {}) => post(bridge.url, initializeBody(), headers) }
}

test('after three failed starts the next is 503 with Retry-After and the reason, and nothing is started', async () => {
  const { begin, logs } = await startFragile()
  for (let start = 0; start < 3; start++) expect((await begin()).status).toBe(200)
  const refused = await begin()
  const { id, error } = await readAnswer(refused)
  expect([refused.status, refused.headers.get('retry-after'), id, error?.code]).toEqual([503, '1', 0, -32000])
  expect(error?.message).toContain('no database')
  expect(logs.filter((line) => line.msg === 'session started').length).toBe(3)
})

test('once a start of anybody works, nobody waits any more and health is good', async () => {
  const { begin, repair, origin } = await startFragile({ backoffSeconds: 100, longestBackoffSeconds: 100 })
  for (let start = 0; start < 3; start++) await begin()
  expect([(await begin()).status, (await fetch(`${origin}/health`)).status]).toEqual([503, 503])
  await repair()
  expect([(await begin(bob)).status, (await begin()).status, (await fetch(`${origin}/health`)).status]).toEqual([200, 200, 200])
})

test('a server that ends soon after each start is slowed down too', async () => {
  const { url } = await startBridge()
  for (let start = 0; start < 3; start++) await post(url, call(1, 'exit', { code: 4 }), await initialize(url))
  const refused = await post(url, initializeBody())
  expect([refused.status, (await readAnswer(refused)).error?.message]).toEqual([503, expect.stringContaining('exit code 4')])
})

test('a session that its client ends is no failure, however short it was', async () => {
  const { url } = await startBridge()
  for (let start = 0; start < 4; start++) await listen(url, await initialize(url), { method: 'DELETE' })
  expect((await post(url, initializeBody())).status).toBe(200)
})

test('the old transport is refused in the same way', async () => {
  const { begin, origin } = await startFragile()
  for (let start = 0; start < 3; start++) await begin()
  const refused = await listen(`${origin}/mcp/fixture/sse`)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
})
