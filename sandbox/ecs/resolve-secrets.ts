import type { Secret } from '@aws-sdk/client-ecs'
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm'

export interface SecretClients {
  readonly secrets: SecretsManagerClient
  readonly parameters: SSMClient
}

/** What `valueFrom` names: a parameter, or a secret with an optional JSON key, version stage and version id. */
export function parseValueFrom(valueFrom: string) {
  const parts = valueFrom.split(':')
  if (parts[0] === 'arn' && parts[2] === 'secretsmanager') {
    const [jsonKey, versionStage, versionId] = parts.slice(7)
    return { kind: 'secret', arn: parts.slice(0, 7).join(':'), jsonKey, versionStage, versionId } as const
  }
  return {
    kind: 'parameter',
    name:
      parts[0] === 'arn'
        ? parts
            .slice(5)
            .join(':')
            .replace(/^parameter/, '')
        : valueFrom,
  } as const
}

function pick(text: string, jsonKey: string, arn: string): string {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, jsonKey)) {
    throw new Error(`retrieved secret from Secrets Manager did not contain json key ${jsonKey} (${arn})`)
  }
  const found: unknown = Reflect.get(value, jsonKey)
  return typeof found === 'string' ? found : JSON.stringify(found)
}

async function resolve(clients: SecretClients, valueFrom: string): Promise<string> {
  const parsed = parseValueFrom(valueFrom)
  if (parsed.kind === 'parameter') {
    const answer = await clients.parameters.send(new GetParameterCommand({ Name: parsed.name, WithDecryption: true }))
    return answer.Parameter?.Value ?? ''
  }
  const version = {
    ...(parsed.versionStage && { VersionStage: parsed.versionStage }),
    ...(parsed.versionId && { VersionId: parsed.versionId }),
  }
  const answer = await clients.secrets.send(new GetSecretValueCommand({ SecretId: parsed.arn, ...version }))
  const text = answer.SecretString ?? Buffer.from(answer.SecretBinary ?? []).toString('utf8')
  return parsed.jsonKey ? pick(text, parsed.jsonKey, parsed.arn) : text
}

/** A container's secrets by name. Rejects with ECS's words, naming what could not be had and never a value. */
export async function resolveSecrets(clients: SecretClients, secrets: readonly Secret[]): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const { name = '', valueFrom = '' } of secrets) {
    values[name] = await resolve(clients, valueFrom).catch((error: unknown) => {
      const why =
        error instanceof SyntaxError
          ? 'invalid character in a secret that must be JSON'
          : error instanceof Error
            ? `${error.name}: ${error.message}`
            : ''
      throw new Error(`ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve ${valueFrom}: ${why}`)
    })
  }
  return values
}
