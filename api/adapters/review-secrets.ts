import { GetSecretValueCommand, SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager'
import { createShortCache } from '../../access/create-short-cache.ts'
import { GantryError } from '../../schema/error-code.ts'
import { systemClock } from './system-clock.ts'

export type ReadSecret = (arn: string) => Promise<string>

/** Reads secrets of the review repository when they are needed; a rotated one is followed within a minute. */
export function createSecretReader(config: SecretsManagerClientConfig): ReadSecret {
  const client = new SecretsManagerClient(config)
  const cached = createShortCache<string>({ milliseconds: 60_000, maxEntries: 10, now: systemClock.now })
  return (arn) => cached(arn, () => readSecret(client, arn))
}

async function readSecret(client: SecretsManagerClient, arn: string): Promise<string> {
  const read = client.send(new GetSecretValueCommand({ SecretId: arn })).catch((error: unknown) => {
    const kind = error instanceof Error ? error.name : 'an error'
    throw new GantryError('UNAVAILABLE', `The secret ${arn} of the review repository cannot be read: ${kind}.`)
  })
  const value = (await read).SecretString
  if (value) return value
  throw new GantryError('UNAVAILABLE', `The secret ${arn} of the review repository has no text, expected one.`)
}
