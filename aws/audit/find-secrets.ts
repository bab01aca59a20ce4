import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { findManagedSecrets } from '../managed-secrets.ts'
import type { FoundResource } from './found-resource.ts'

/** Managed secrets of every life of a server. */
export async function findSecrets(client: SecretsManagerClient, server: { platform: string; id: string }): Promise<FoundResource[]> {
  const names = await findManagedSecrets(client, { platform: server.platform, serverId: server.id })
  return names.map((name) => ({ type: 'aws_secretsmanager_secret', name, importId: name }))
}
