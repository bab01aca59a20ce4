import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { runSuite } from '../conformance/support/run-suite.ts'
import { startRelay } from '../conformance/support/start-relay.ts'
import { controlPlane } from '../support/control-plane.ts'

const sandbox = inject('sandbox')
const gantry = controlPlane(sandbox.url, sandbox.adminKey)
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

it.each(['2025-11-25', '2026-07-28'])('has all that the official suite requires of %s, from client to server', async (revision) => {
  expect(await runSuite(await front('sdk-2'), revision)).toMatchObject({ problems: [], skipped: 0 })
})
