import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { findManagedSecrets } from '../managed-secrets.ts'
import type { FoundResource } from './found-resource.ts'

/** Managed secrets of every life of a server. */
export async function findSecrets(client: SecretsManagerClient, server: { platform: string; id: string }): Promise<FoundResource[]> {
  const found = await findManagedSecrets(client, { platform: server.platform, serverId: server.id })
  return found.map(({ name, arn }) => ({ type: 'aws_secretsmanager_secret', name, importId: arn }))
}
