import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { call, initialize, post, readAnswer } from './support/raw.ts'
import { bridgeEnvironment } from './support/start-bridge.ts'

let directory: string
let bundle: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bridge-'))
  bundle = join(directory, 'bridge.mjs')
  await build({ entryPoints: ['bridge/main.ts'], bundle: true, platform: 'node', format: 'esm', outfile: bundle, logLevel: 'error' })
})

afterAll(() => rm(directory, { recursive: true }))

function run(env: Record<string, string> = {}): ChildProcess {
  const bridge = spawn(process.execPath, [bundle], { cwd: directory, env: bridgeEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void bridge.kill('SIGKILL'))
  return bridge
}

async function listening(bridge: ChildProcess): Promise<string> {
  if (!bridge.stdout) throw new Error('no stdout')
  const [line] = await once(createInterface({ input: bridge.stdout }), 'line')
  return `http://127.0.0.1:${JSON.parse(line).port}/mcp/fixture/mcp`
}

test('the bundle runs alone, and SIGTERM finishes the call in flight, leaves no child and exits 0', async () => {
  const bridge = run()
  const url = await listening(bridge)
  const session = await initialize(url)
  const pid = Number((await readAnswer(await post(url, call(1, 'pid'), session))).result?.content[0]?.text)
  const waiting = post(url, call(2, 'later', { ms: 300, value: 'finished' }), session)
  await post(url, call(3, 'echo', { value: 1 }), session)
  bridge.kill('SIGTERM')
  expect((await readAnswer(await waiting)).result?.content[0]?.text).toBe('finished')
  expect(await once(bridge, 'exit')).toEqual([0, null])
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('a wrong variable ends it with exit code 1 and one sentence that names it', async () => {
  const bridge = run({ GANTRY_PORT: 'http' })
  let said = ''
  bridge.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(bridge, 'close')
  expect([code, said]).toEqual([1, 'GANTRY_PORT is "http": expected a port from 0 to 65535.\n'])
})

test('a task that cannot learn its own address does not begin', async () => {
  const metadata = { GANTRY_HOST: '', ECS_CONTAINER_METADATA_URI_V4: 'http://127.0.0.1:1/v4/0' }
  const bridge = run({ GANTRY_SESSION_SECRET: 'a secret of thirty-two characters', ...metadata })
  let said = ''
  bridge.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(bridge, 'close')
  expect([code, said]).toEqual([1, expect.stringContaining('http://127.0.0.1:1/v4/0 does not answer')])
})

test('a port that is taken ends it with exit code 1', async () => {
  const url = await listening(run())
  expect(await once(run({ GANTRY_PORT: new URL(url).port }), 'exit')).toEqual([1, null])
})
