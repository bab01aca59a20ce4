import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { managedSecretName, managedSecretPrefix } from '../schema/managed-secret.ts'

/** One life of one server. */
export interface SecretOwner {
  readonly platform: string
  readonly serverId: string
  readonly uid: string
}

const tagsOf = ({ platform, serverId, uid }: SecretOwner) => [
  { Key: 'gantry:platform', Value: platform },
  { Key: 'gantry:server', Value: serverId },
  { Key: 'gantry:uid', Value: uid },
]

/** Makes a managed secret without a value; one that exists stays as it is. */
export async function createManagedSecret(
  client: SecretsManagerClient,
  owner: SecretOwner,
  name: string,
  kmsKeyArn: string,
  value?: string,
): Promise<void> {
  const secret = { Name: managedSecretName({ ...owner, name }), KmsKeyId: kmsKeyArn, Tags: tagsOf(owner) }
  try {
    await client.send(new CreateSecretCommand({ ...secret, ...(value !== undefined && { SecretString: value }) }))
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error
    if (value !== undefined) await putValue(client, secret.Name, value)
  }
}

/** Sets a value, making the secret where it is not there yet. */
export async function putManagedSecret(
  client: SecretsManagerClient,
  owner: SecretOwner,
  name: string,
  kmsKeyArn: string,
  value: string,
): Promise<void> {
  try {
    await putValue(client, managedSecretName({ ...owner, name }), value)
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error
    await createManagedSecret(client, owner, name, kmsKeyArn, value)
  }
}

const putValue = (client: SecretsManagerClient, SecretId: string, SecretString: string) =>
  client.send(new PutSecretValueCommand({ SecretId, SecretString }))

/** Those of the names that have no value; no value is read for it. */
export async function secretsWithoutValue(client: SecretsManagerClient, owner: SecretOwner, names: readonly string[]): Promise<string[]> {
  const has = await Promise.all(names.map((name) => hasValue(client, managedSecretName({ ...owner, name }))))
  return names.filter((_, index) => !has[index])
}

async function hasValue(client: SecretsManagerClient, SecretId: string): Promise<boolean> {
  try {
    const { VersionIdsToStages = {}, DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId }))
    return DeletedDate === undefined && Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSCURRENT'))
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false
    throw error
  }
}

/** Every managed secret of a server's life in Secrets Manager, or with `uid` left out of all its lives. */
export async function findManagedSecrets(
  client: SecretsManagerClient,
  owner: Omit<SecretOwner, 'uid'> & { uid?: string },
): Promise<{ name: string; arn: string }[]> {
  const prefix = managedSecretPrefix(owner)
  const found: { name: string; arn: string }[] = []
  for await (const page of paginateListSecrets({ client }, { Filters: [{ Key: 'name', Values: [prefix] }] })) {
    for (const { Name, ARN = '' } of page.SecretList ?? []) if (Name?.startsWith(prefix)) found.push({ name: Name, arn: ARN })
  }
  return found
}

/** Deletes every managed secret of a server's life without recovery; `names` are known ones that a list may not show yet. */
export async function removeManagedSecrets(client: SecretsManagerClient, owner: SecretOwner, names: readonly string[]): Promise<void> {
  const known = names.map((name) => managedSecretName({ ...owner, name }))
  const found = (await findManagedSecrets(client, owner)).map(({ name }) => name)
  for (const SecretId of new Set([...known, ...found])) {
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })).catch((error: unknown) => {
      if (!(error instanceof ResourceNotFoundException)) throw error
    })
  }
}
