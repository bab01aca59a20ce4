import { randomUUID } from 'node:crypto'
import { KMSClient, SignCommand } from '@aws-sdk/client-kms'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetResourcePolicyCommand,
  ListSecretVersionIdsCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { expect, inject, test } from 'vitest'
import { clientOf } from '../../support/own-emulator.ts'

const emulatorUrl = inject('emulatorUrl')

test('whatever is asked of a secret that is gone says that it is not found', async () => {
  const secretsManager = new SecretsManagerClient(clientOf(emulatorUrl))
  const { ARN: SecretId } = await secretsManager.send(new CreateSecretCommand({ Name: randomUUID() }))
  await secretsManager.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
  const answers = await Promise.allSettled([
    secretsManager.send(new ListSecretVersionIdsCommand({ SecretId })),
    secretsManager.send(new GetResourcePolicyCommand({ SecretId })),
    secretsManager.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: '{}' })),
  ])
  const notFound = { status: 'rejected', reason: expect.objectContaining({ name: 'ResourceNotFoundException' }) }
  expect(answers).toEqual([notFound, notFound, notFound])
})

test('what moto itself fails at is answered once and for all, with what was asked', async () => {
  const kms = new KMSClient({ ...clientOf(emulatorUrl), maxAttempts: 3 })
  const message = 'The emulator fails at TrentService.Sign; its stderr says how.'
  const failure = { name: 'EmulatorFailure', message, $metadata: { httpStatusCode: 501, attempts: 1 } }
  await expect(kms.send(new SignCommand({ KeyId: undefined, Message: undefined, SigningAlgorithm: undefined }))).rejects.toMatchObject(
    failure,
  )
})
