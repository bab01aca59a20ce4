import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { ulid } from 'ulid'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { createGitHubReviewFromContract } from '../../api/adapters/github-review.ts'
import { createSecretReader } from '../../api/adapters/review-secrets.ts'
import { startGitHub } from '../support/github/start-github.ts'
import { requestOf } from './review/github/create-review.ts'

const config = () => ({
  region: 'eu-west-1',
  endpoint: inject('emulatorUrl'),
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})

async function fromContract(secretArn: string) {
  const github = await startGitHub()
  onTestFinished(github.close)
  const credentials = { type: 'token' as const, secretArn }
  const { repository, apiUrl } = github
  const of = { type: 'github' as const, repository, apiUrl, main: 'main', credentials, webhookSecretArn: secretArn }
  return createGitHubReviewFromContract(of, createSecretReader(config()), () => undefined)
}

describe("the provider of a contract's repository", () => {
  test('reads its token from Secrets Manager when it is needed', async () => {
    const made = await new SecretsManagerClient(config()).send(
      new CreateSecretCommand({ Name: `token-${ulid()}`, SecretString: 'ghp_test' }),
    )
    const review = await fromContract(made.ARN ?? '')
    await expect(review.open(requestOf())).resolves.toMatchObject({ number: 1 })
  })

  test('names the secret that cannot be read', async () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:none-AbCdEf'
    const review = await fromContract(arn)
    await expect(review.open(requestOf())).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining(arn) })
  })
})
