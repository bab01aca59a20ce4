import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import type { Server } from '../../schema/server.ts'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { example } from '../support/example.ts'
import { sandbox } from '../support/shared-sandbox.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const folder = fileURLToPath(new URL('../../examples/docs-mcp', import.meta.url))

/** What `aws s3 sync` does. */
async function upload(prefix: string): Promise<void> {
  const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' }
  const s3 = new S3Client({ endpoint: sandbox.emulatorUrl, region: sandbox.region, credentials, forcePathStyle: true })
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { parentPath, name } of files) {
    const file = join(parentPath, name)
    await s3.send(
      new PutObjectCommand({ Bucket: sandbox.artifactsBucket, Key: `${prefix}${file.slice(folder.length + 1)}`, Body: readFileSync(file) }),
    )
  }
}

it('refuses to go live without files, saying which prefix is empty; once they are uploaded the same payload is a live server', async () => {
  const empty = await gantry.create({ ...example('docs-mcp'), name: 'Docs Empty', s3Path: 'servers/nothing-here' })
  expect(empty.run).toMatchObject({ status: 'FAILED' })
  expect(JSON.stringify(empty.run.error)).toContain(`no files below s3://${sandbox.artifactsBucket}/servers/nothing-here/`)

  await upload('servers/docs-mcp/')
  const { run } = await gantry.create(example('docs-mcp'))
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  const { body: server } = await gantry.call<Server>('GET', '/servers/docsmcp')
  expect(server).toMatchObject({ status: 'IN_SERVICE', groups: ['group:docs'] })

  const client = await mcpClient(`${sandbox.url}/mcp/docsmcp/mcp`, sandbox.adminKey)
  const answer = await client.callTool({ name: 'read_document', arguments: { name: 'welcome.md' } })
  expect(JSON.stringify(answer)).toContain('came from the artifacts bucket')
  await client.close()
})
