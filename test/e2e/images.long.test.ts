import { expect, it } from 'vitest'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { example } from '../support/example.ts'
import { sandbox } from '../support/shared-sandbox.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)

it('runs the start command of a server with an image on this machine, with the bridge it was given, and says so in the run', async () => {
  const { run, events } = await gantry.create({ ...example('everything-stdio'), name: 'Imaged', image: 'node:22' })
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  expect(JSON.stringify(events.find(({ type }) => type === 'service.events'))).toContain('the image node:22 was not used')
  const client = await mcpClient(`${sandbox.url}/mcp/imaged/mcp`, sandbox.adminKey)
  expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('echo')
  await client.close()
})

it('synthesizes an image without a command in a dry run whatever this machine has', async () => {
  const definition = { name: 'Image Alone', serverType: 'http', image: 'docs:1' }
  const { status, body } = await gantry.call<{ resources: string[] }>('POST', '/servers?dryRun=true', definition)
  expect([status, body.resources.some((name) => name.startsWith('aws_ecs_task_definition'))]).toEqual([200, true])
})
