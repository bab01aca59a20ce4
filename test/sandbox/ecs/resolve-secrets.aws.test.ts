import { randomUUID } from 'node:crypto'
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { beforeAll, expect, inject, test } from 'vitest'
import { createAwsClients } from '../../../aws/clients.ts'
import { resolveSecrets, type SecretClients } from '../../../sandbox/ecs/resolve-secrets.ts'

let clients: SecretClients
let json: string
let parameter: string
beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  const { secrets, ssm } = createAwsClients({ region: 'us-east-1', endpoint: inject('emulatorUrl') })
  clients = { secrets, parameters: ssm }
  const Name = `db-${randomUUID()}`
  json = (await secrets.send(new CreateSecretCommand({ Name, SecretString: '{"user":"old","port":1}' }))).ARN ?? ''
  await secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString: '{"user":"new","port":1}' }))
  const path = `/gantry-test/${randomUUID()}`
  await ssm.send(new PutParameterCommand({ Name: path, Value: 'from ssm', Type: 'SecureString' }))
  parameter = `arn:aws:ssm:us-east-1:123456789012:parameter${path}`
})

const value = async (valueFrom: string) => (await resolveSecrets(clients, [{ name: 'X', valueFrom }])).X

test('a secret is whole, one key of its JSON, or a version of it', async () => {
  expect(await value(json)).toBe('{"user":"new","port":1}')
  expect([await value(`${json}:user::`), await value(`${json}:port::`)]).toEqual(['new', '1'])
  expect(await value(`${json}:user:AWSPREVIOUS:`)).toBe('old')
})

test('an ARN without its last six characters is enough', async () => {
  expect(await value(`${json.slice(0, -7)}:user::`)).toBe('new')
})

test('a SecureString parameter is decrypted', async () => {
  expect(await value(parameter)).toBe('from ssm')
})

test('what cannot be had is told in ECS’s words, without a value', async () => {
  await expect(value(`${json}:absent::`)).rejects.toThrow(/ResourceInitializationError: .*did not contain json key absent/)
  await expect(value(`${parameter}-absent`)).rejects.toThrow(/ParameterNotFound/)
  await expect(value(`${json}:absent::`)).rejects.not.toThrow(/new/)
})
