import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { beforeAll, expect, it } from 'vitest'
import type { Run } from '../../schema/run.ts'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { everythingKept, filesOf } from '../support/everything-kept.ts'
import { example } from '../support/example.ts'
import { sandbox } from '../support/shared-sandbox.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const canaries = ['canary-first-93b1f0', 'canary-second-4ce7aa'] as const

beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID ??= 'sandbox'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'sandbox'
})

const put = (value: string, search = '') => gantry.call('PUT', `/servers/withsecret/secrets/API_TOKEN${search}`, { value })

/** The server's environment, as a new session of it sees it. */
async function environment(): Promise<string> {
  const client = await mcpClient(`${sandbox.url}/mcp/withsecret/mcp`, sandbox.adminKey)
  const { tools } = await client.listTools()
  const name = tools.find((tool) => /env/i.test(tool.name))?.name ?? 'get-env'
  const answer = await client.callTool({ name, arguments: {} })
  await client.close()
  return JSON.stringify(answer)
}

/** Everything the control plane shows of the server. */
async function shown(): Promise<string> {
  const { body: runs } = await gantry.call<{ items: Run[] }>('GET', '/runs?limit=100')
  const parts = ['', '/events', '/plan', '/plan.md', '/plan.txt', '/terraform']
  const paths = runs.items.filter((run) => run.serverId === 'withsecret').flatMap((run) => parts.map((part) => `/runs/${run.id}${part}`))
  const answers = await Promise.all(['/servers', '/servers/withsecret', ...paths].map((path) => gantry.call('GET', path)))
  return JSON.stringify(answers.map(({ body }) => body))
}

async function places(canary: string): Promise<string[]> {
  const found = (await shown()).includes(canary) ? ['a reply of the API'] : []
  for await (const { place, bytes } of everythingKept(sandbox, sandbox.directory)) if (bytes.includes(canary)) found.push(place)
  return found
}

it('stops a run without the value, serves with it, rolls to a new one, and keeps and shows neither', async () => {
  const { run } = await gantry.create(example('secret'))
  expect(run).toMatchObject({ status: 'FAILED', error: { code: 'SECRETS_MISSING', message: expect.stringContaining('API_TOKEN') } })

  expect((await put(canaries[0])).status).toBe(204)
  const again = await gantry.call<{ run: Run }>('PATCH', '/servers/withsecret', { review: 'always' })
  const waiting = await gantry.waiting(again.body.run.id)
  await gantry.approve(waiting)
  expect((await gantry.follow(waiting.id)).run).toMatchObject({ status: 'SUCCEEDED' })
  const repository = (await filesOf(sandbox.reviewRepository)).toString()
  expect(repository, 'its plan was in the review repository').toContain(waiting.id)
  expect(await environment()).toContain(canaries[0])

  expect((await put(canaries[1], '?roll=true')).status).toBe(204)
  await expect.poll(environment, { timeout: 60_000, interval: 1000 }).toContain(canaries[1])
  for (const canary of canaries) expect(await places(canary)).toEqual([])

  const removing = await gantry.call<{ run: Run }>('DELETE', '/servers/withsecret')
  await gantry.approve(await gantry.waiting(removing.body.run.id))
  expect((await gantry.follow(removing.body.run.id)).run).toMatchObject({ status: 'SUCCEEDED' })
  for (const canary of canaries) expect(await places(canary)).toEqual([])
  const secrets = new SecretsManagerClient({ endpoint: sandbox.emulatorUrl, region: sandbox.region })
  const { SecretList } = await secrets.send(
    new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['gantry/sandbox/withsecret/'] }], IncludePlannedDeletion: true }),
  )
  expect(SecretList).toEqual([])
})
