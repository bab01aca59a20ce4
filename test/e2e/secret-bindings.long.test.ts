import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, it } from 'vitest'
import type { Run } from '../../schema/run.ts'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { keepCalling } from '../support/keep-calling.ts'
import { clientOf } from '../support/own-emulator.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const endpoint = `${sandbox.url}/mcp/bindings/mcp`

async function environment(): Promise<Record<string, string>> {
  const client = await mcpClient(endpoint, sandbox.adminKey)
  const { content } = await client.callTool({ name: 'environment', arguments: {} })
  await client.close()
  return JSON.parse((content as { text: string }[])[0]?.text ?? '{}')
}

it('gives a server its secrets from Secrets Manager, by key, and from SSM, and a new managed value without a failed call', async ({
  annotate,
}) => {
  const options = { ...clientOf(sandbox.emulatorUrl), region: sandbox.region }
  const SecretString = JSON.stringify({ password: 'from a key', other: 'not this' })
  const { ARN: arn } = await new SecretsManagerClient(options).send(new CreateSecretCommand({ Name: 'database', SecretString }))
  await new SSMClient(options).send(new PutParameterCommand({ Name: '/team/token', Value: 'from a parameter', Type: 'SecureString' }))
  const secrets = {
    PASSWORD: { arn, jsonKey: 'password' },
    TOKEN: { arn: `arn:aws:ssm:${sandbox.region}:123456789012:parameter/team/token` },
    MANAGED: { managed: true },
  }
  const created = await gantry.create({ name: 'bindings', serverType: 'stdio', startCommand: tinyServer(), secrets })
  expect(created.run).toMatchObject({ status: 'FAILED', error: { code: 'SECRETS_MISSING' } })
  const put = (value: string, search = '') => gantry.call('PUT', `/servers/bindings/secrets/MANAGED${search}`, { value })
  expect((await put('old')).status).toBe(204)
  const { body } = await gantry.call<{ run: Run }>('POST', '/servers/bindings/runs', { type: 'apply' })
  expect((await gantry.follow(body.run.id)).run).toMatchObject({ status: 'SUCCEEDED' })
  expect(await environment()).toMatchObject({ PASSWORD: 'from a key', TOKEN: 'from a parameter', MANAGED: 'old' })

  const clients = keepCalling(endpoint, sandbox.adminKey, 'environment')
  expect((await put('new', '?roll=true')).status).toBe(204)
  await expect.poll(async () => (await environment()).MANAGED, { timeout: 120_000, interval: 500 }).toBe('new')
  await expect
    .poll(async () => (await gantry.call<Facts>('GET', '/servers/bindings')).body.stack.service.deployments.length, slowly)
    .toBe(1)
  const { made, failures, sessionsMoved } = await clients.stop()
  await annotate(`${made} calls, ${failures.length} failed, ${sessionsMoved} times a session was gone`)
  expect(failures).toEqual([])
  expect(made).toBeGreaterThan(10)
})

const slowly = { timeout: 120_000, interval: 1000 }
interface Facts {
  stack: { service: { deployments: object[] } }
}
