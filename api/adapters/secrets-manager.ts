import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager'
import { createManagedSecret, putManagedSecret, removeManagedSecrets } from '../../aws/managed-secrets.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { SecretsPort } from '../secrets-port.ts'

/** Managed secrets in Secrets Manager, encrypted with the platform's key. */
export function createSecretsManager(config: SecretsManagerClientConfig, kmsKeyArn: () => Promise<string>): SecretsPort {
  const client = new SecretsManagerClient(config)
  return {
    create: async (owner, name) => createManagedSecret(client, owner, name, await kmsKeyArn()),
    put: async (owner, name, value) => {
      const key = await kmsKeyArn()
      await putManagedSecret(client, owner, name, key, value).catch((error: unknown) => {
        // AWS's own message may quote the value: only its kind is told, and nothing is kept as cause.
        const kind = error instanceof Error ? error.name : 'an error'
        throw new GantryError(
          'UNAVAILABLE',
          `Secrets Manager did not take the value of ${name}: ${kind}. Nothing was changed; send it again.`,
        )
      })
    },
    removeAll: (owner) => removeManagedSecrets(client, owner, []),
  }
}
