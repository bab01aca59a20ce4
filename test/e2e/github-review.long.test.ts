import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../schema/run.ts'
import { controlPlane } from '../support/control-plane.ts'
import { webhook } from '../support/github/send-webhook.ts'
import { type FakeGitHub, startGitHub } from '../support/github/start-github.ts'
import { ownDirectory } from '../support/own-directory.ts'
import { type SandboxProcess, startSandboxProcess } from '../support/sandbox-process.ts'
import { template } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const own = ownDirectory(template)
const secret = 'a webhook secret of some length'
let github: FakeGitHub
let sandbox: SandboxProcess
let gantry: ReturnType<typeof controlPlane>

const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= 'sandbox'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'sandbox'
  github = await startGitHub()
  rmSync(join(own.directory, 'ports.json'))
  const file = join(own.directory, 'platform-settings.json')
  const repository = {
    type: 'github',
    repository: github.repository,
    apiUrl: github.apiUrl,
    credentials: { type: 'token', secretArn: secretArn('github-token') },
    webhookSecretArn: secretArn('github-webhook'),
  }
  writeFileSync(file, JSON.stringify({ defaults: { review: 'always' }, review: { repository } }))
  sandbox = await startSandboxProcess({ directory: own.directory, environment: { GANTRY_PLATFORM_FILE: file } })
  gantry = controlPlane(sandbox.url, sandbox.adminKey)
  const secrets = new SecretsManagerClient({ endpoint: sandbox.emulatorUrl, region: sandbox.region })
  await secrets.send(new CreateSecretCommand({ Name: 'github-token', SecretString: 'ghp_test' }))
  await secrets.send(new CreateSecretCommand({ Name: 'github-webhook', SecretString: secret }))
})
afterAll(async () => {
  await sandbox.stop()
  await github.close()
  own.remove()
})

const tell = async (definition: string, number: number): Promise<number> => {
  const { headers, body, method } = webhook(definition, { secret, repository: github.repository, number })
  return (await fetch(`${sandbox.url}/webhooks/github`, { method, headers, body, duplex: 'half' } as RequestInit)).status
}
const pullOf = (run: Run) => [...github.hub.pulls.values()].find(({ headRef }) => headRef === `gantry/${run.serverId}/${run.id}`)

test('a plan is a pull request, its merge is told by a webhook, and its page follows the run until the server is live', async () => {
  const definition = { name: 'Hub', serverType: 'stdio', startCommand: tinyServer() }
  const { body } = await gantry.call<{ run: Run }>('POST', '/servers', definition)
  const run = await gantry.waiting(body.run.id)
  await expect.poll(() => pullOf(run)?.body, { timeout: 60_000, interval: 500 }).toContain('waits for review')
  const number = pullOf(run)?.number ?? 0
  const commit = github.hub.merge(number, { by: 'ann', method: 'squash' })
  expect(await tell('pull_request$closed', number)).toBe(202)
  const { run: ended } = await gantry.follow(run.id)
  expect(ended).toMatchObject({ status: 'SUCCEEDED', approval: { by: 'github:ann', via: 'github', commit } })
  await expect.poll(() => pullOf(run)?.body, { timeout: 60_000, interval: 500 }).toContain(`Endpoint: ${sandbox.url}/mcp/hub/mcp`)
  expect(github.violations, 'every call and answer fits the published description of GitHub').toEqual([])
})
