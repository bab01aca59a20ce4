import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { installSuite } from '../conformance/support/install-suite.ts'
import { runSuite } from '../conformance/support/run-suite.ts'
import { startRelay } from '../conformance/support/start-relay.ts'
import { controlPlane } from '../support/control-plane.ts'
import { sandbox } from '../support/shared-sandbox.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const execute = promisify(execFile)
const accept = 'application/json, text/event-stream'
const fixtures = ['sdk-1', 'sdk-2']
const idOf = (fixture: string) => `conformance${fixture.replace('-', '')}`

/** A fixture as one file in the artifacts bucket, because a server sees nothing of this tree. */
async function upload(fixture: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-fixture-'))
  const outfile = join(directory, 'server.mjs')
  const entry = new URL(`../conformance/fixtures/${fixture}.mjs`, import.meta.url).pathname
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', banner, logLevel: 'error' })
  const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' }
  const s3 = new S3Client({ endpoint: sandbox.emulatorUrl, region: sandbox.region, credentials, forcePathStyle: true })
  const Key = `servers/${idOf(fixture)}/server.mjs`
  await s3.send(new PutObjectCommand({ Bucket: sandbox.artifactsBucket, Key, Body: readFileSync(outfile) }))
  rmSync(directory, { recursive: true })
  return `servers/${idOf(fixture)}`
}

// CommonJS inside a bundle still calls require for Node's own modules.
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }

/** Where the suite finds a fixture: a relay that adds the token, then the gateway, the bridge and the server. */
const front = (fixture: string) => startRelay(`${sandbox.url}/mcp/${idOf(fixture)}/mcp`, { authorization: `Bearer ${sandbox.adminKey}` })

beforeAll(async () => {
  const created = fixtures.map(async (fixture) => {
    const definition = { name: idOf(fixture), serverType: 'stdio', s3Path: await upload(fixture), startCommand: 'node server.mjs' }
    expect((await gantry.create(definition)).run).toMatchObject({ status: 'SUCCEEDED' })
  })
  await Promise.all(created)
})

afterAll(async () => {
  for (const fixture of fixtures) await gantry.remove(idOf(fixture))
})

it.each([
  ['2025-11-25', 69],
  ['2026-07-28', 120],
])('has all that the official suite requires of %s, from client to server', async (revision, passed) => {
  expect(await runSuite(await front('sdk-2'), revision)).toEqual({ passed, skipped: 0, problems: [], failed: [] })
})

it('has all of 2026-07-28 for a server that knows the 2025 revisions only, but for the names of what it asks', async () => {
  const url = await front('sdk-1')
  // A client that can be asked has a process of its own, whose start is longer than the suite waits.
  await discover(url, { elicitation: {} })
  const { failed, problems } = await runSuite(url, '2026-07-28')
  expect(failed).toEqual(['input-required-result-basic-elicitation'])
  expect(problems).toEqual([
    expect.stringContaining('inputRequests missing expected key "user_name"'),
    // It asks in the middle of a call, so answers to a question that it did not ask are none.
    expect.stringMatching(/^WARNING input-required-result-ignore-extra-params/),
  ])
})

async function discover(url: string, clientCapabilities: object): Promise<void> {
  const headers = { accept, 'content-type': 'application/json', 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' }
  const meta = { protocolVersion: '2026-07-28', clientCapabilities }
  const _meta = Object.fromEntries(Object.entries(meta).map(([name, value]) => [`io.modelcontextprotocol/${name}`, value]))
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta } })
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200)
}

it.each([
  ['http', 'mcp'],
  ['sse', 'sse'],
])('answers the Inspector over %s', async (transport, path) => {
  const { node, inspector } = installSuite()
  const url = (await front('sdk-2')).replace(/mcp$/, path)
  const call = ['--method', 'tools/call', '--tool-name', 'test_simple_text']
  const { stdout } = await execute(node, [inspector, '--cli', url, '--transport', transport, ...call])
  expect(JSON.parse(stdout)).toEqual({ content: [{ type: 'text', text: 'This is a simple text response for testing.' }] })
})
