import { expect, test } from 'vitest'
import { readAnswer } from '../support/raw.ts'
import { startBridge } from '../support/start-bridge.ts'
import { startRelay } from '../support/start-upstream.ts'
import { ask, mirrored } from '../support/stateless.ts'

/** A server whose answer to each method is an expression of JavaScript; `wait` is for as many milliseconds. */
function server(answers: Record<string, string>): Record<string, string> {
  const cases = Object.entries(answers).map(([method, answer]) => `${JSON.stringify(method)}: () => ${answer}`)
  const program = `
    const wait = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value))
    const answers = { ${cases.join(', ')} }
    require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
      const { id, method } = JSON.parse(line)
      const answer = await answers[method]?.()
      if (id !== undefined && answer) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n')
    })`
  return { GANTRY_COMMAND: JSON.stringify([process.execPath, '-e', program]) }
}

const initialize = `({ result: { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'old', version: '1' } } })`
const discover = `({ result: { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: {} } })`
const list = (name: string) => `({ result: { tools: [{ name: '${name}', inputSchema: { type: 'object' } }] } })`
const unknown = `({ error: { code: -32601, message: 'Method not found' } })`
const firstTool = async (url: string, headers = {}) => {
  const { result, error } = await readAnswer(await ask(url, 'tools/list', {}, { headers }))
  return error?.message ?? (result as unknown as { tools: { name: string }[] } | undefined)?.tools[0]?.name
}

test.each([
  ['answers server/discover with an error', { 'server/discover': unknown, initialize }],
  ['says nothing to server/discover', { initialize }],
  ['ends because of server/discover', { 'server/discover': 'process.exit(1)', initialize }],
  ['knows only a revision nobody asked for', { 'server/discover': discover.replace('2026-07-28', '2099-01-01'), initialize }],
])('a server that %s is initialized', async (_, answers) => {
  const { url } = await startBridge(server({ ...answers, 'tools/list': list('old') }), { probeSeconds: 0.2 })
  expect(await firstTool(url)).toBe('old')
})

test('a server that speaks the stateless revision is never initialized', async () => {
  const answers = { 'server/discover': discover, initialize: 'process.exit(1)', 'tools/list': list('new') }
  const { url } = await startBridge(server(answers))
  expect(await firstTool(url)).toBe('new')
})

test('a server that can be neither asked nor initialized is the answer to the call', async () => {
  const { url } = await startBridge(server({ 'server/discover': 'process.exit(3)', initialize: 'process.exit(4)' }))
  expect(await firstTool(url)).toContain('exit code 4')
})

test('a server that was slow to say that it speaks the stateless revision is asked no more', async () => {
  const answers = { 'server/discover': `wait(300, ${discover})`, initialize: `wait(600, ${initialize})`, 'tools/list': list('new') }
  const { url, bridge, logs } = await startBridge(server(answers), { probeSeconds: 0.1 })
  expect(await (await ask(url, 'server/discover')).text()).toContain('old')
  bridge.kill()
  await expect.poll(() => logs.some(({ msg }) => msg === 'session ended')).toBe(true)
  expect(await (await ask(url, 'server/discover')).text()).not.toContain('old')
})

test('a client that leaves before its server began to work ends that server', async () => {
  const { url, logs } = await startBridge(server({ initialize: 'undefined' }), { probeSeconds: 0.05 })
  const leaving = new AbortController()
  const left = ask(url, 'tools/list', {}, { init: { signal: leaving.signal } })
  await expect.poll(() => logs.some(({ msg }) => msg === 'session started')).toBe(true)
  leaving.abort()
  await expect(left).rejects.toThrow()
  await expect.poll(() => logs.map(({ reason }) => reason)).toContain('Every client left before the server began to work.')
})

test('an http server gets the stateless revision as it came, headers included', async () => {
  const { url } = await startRelay((req, res) => res.end(JSON.stringify(req.headers)))
  const headers = { ...mirrored('tools/call', 'echo'), 'mcp-param-region': 'north' }
  const seen = await (await ask(url, 'tools/call', { name: 'echo' }, { headers })).json()
  expect(seen).toMatchObject(headers)
})
