import { randomUUID } from 'node:crypto'
import { DescribeSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { beforeAll, expect, inject, test } from 'vitest'
import { type AwsClients, createAwsClients } from '../../aws/clients.ts'
import {
  createManagedSecret,
  findManagedSecrets,
  putManagedSecret,
  removeManagedSecrets,
  secretsWithoutValue,
} from '../../aws/managed-secrets.ts'

const key = 'arn:aws:kms:us-east-1:123456789012:key/1'
let clients: AwsClients
beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  clients = createAwsClients({ region: 'us-east-1', endpoint: inject('emulatorUrl') })
})

const someOwner = () => ({ platform: 'test', serverId: `s${randomUUID().slice(0, 8)}`, uid: randomUUID().slice(0, 8) })
const nameOf = (owner: ReturnType<typeof someOwner>, name: string) => `gantry/test/${owner.serverId}/${owner.uid}/${name}`
const currentValue = async (SecretId: string) => (await clients.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString

test('a secret is made once, without a value, with the platform’s key and the life it belongs to', async () => {
  const owner = someOwner()
  for (let round = 0; round < 2; round++) await createManagedSecret(clients.secrets, owner, 'A', key)
  const made = await clients.secrets.send(new DescribeSecretCommand({ SecretId: nameOf(owner, 'A') }))
  expect(made).toMatchObject({ KmsKeyId: key, Tags: expect.arrayContaining([{ Key: 'gantry:uid', Value: owner.uid }]) })
  expect(await secretsWithoutValue(clients.secrets, owner, ['A'])).toEqual(['A'])
})

test('a value is set whether the secret was made before or not, and making it again keeps the value', async () => {
  const owner = someOwner()
  await createManagedSecret(clients.secrets, owner, 'A', key)
  for (const name of ['A', 'B']) await putManagedSecret(clients.secrets, owner, name, key, `of ${name}`)
  await createManagedSecret(clients.secrets, owner, 'A', key)
  expect([await currentValue(nameOf(owner, 'A')), await currentValue(nameOf(owner, 'B'))]).toEqual(['of A', 'of B'])
  expect(await secretsWithoutValue(clients.secrets, owner, ['A', 'B', 'C'])).toEqual(['C'])
})

test('removing takes all of one life and none of another', async () => {
  const owner = someOwner()
  const next = { ...owner, uid: `${owner.uid}x` }
  for (const of of [owner, next]) await putManagedSecret(clients.secrets, of, 'A', key, 'x')
  await removeManagedSecrets(clients.secrets, owner, ['A', 'never made'])
  expect(await findManagedSecrets(clients.secrets, { platform: 'test', serverId: owner.serverId })).toMatchObject([
    { name: nameOf(next, 'A') },
  ])
  await putManagedSecret(clients.secrets, owner, 'A', key, 'again')
  expect(await currentValue(nameOf(owner, 'A'))).toBe('again')
})
