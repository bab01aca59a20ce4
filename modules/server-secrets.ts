import type { PlatformContract } from '../schema/contract.ts'
import type { Definition } from '../schema/definition.ts'
import { managedSecretName, sessionSecret } from '../schema/managed-secret.ts'
import { arn } from './arn.ts'

/** One secret as ECS binds it: the value is read when a task starts and stands nowhere else. */
export interface ContainerSecret {
  readonly name: string
  readonly valueFrom: string
}

export interface ServerSecretsProps {
  readonly definition: Definition
  readonly serverId: string
  readonly uid: string
  readonly contract: PlatformContract
}

/** The bindings of a definition's secrets, in the order of their names. */
export function serverSecrets(props: ServerSecretsProps): ContainerSecret[] {
  return Object.entries(props.definition.secrets)
    .map(([name, secret]) => ({ name, valueFrom: 'managed' in secret ? managedSecretArn(props, name) : valueFrom(secret) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The binding of what the bridge seals session ids with. */
export function sessionSecretBinding(props: ServerSecretsProps): ContainerSecret {
  return { name: sessionSecret, valueFrom: managedSecretArn(props, sessionSecret) }
}

/** The ARNs a task execution role must read. A managed secret's own ends in six characters that AWS draws. */
export function secretArns(props: ServerSecretsProps): string[] {
  const own = Object.entries(props.definition.secrets).map(([name, secret]) => ('managed' in secret ? drawnArn(props, name) : secret.arn))
  return [...own, drawnArn(props, sessionSecret)].sort()
}

function valueFrom(secret: { arn: string; jsonKey?: string; versionStage?: string }): string {
  if (secret.jsonKey === undefined && secret.versionStage === undefined) return secret.arn
  return `${secret.arn}:${secret.jsonKey ?? ''}:${secret.versionStage ?? ''}:`
}

const drawnArn = (props: ServerSecretsProps, name: string): string => `${managedSecretArn(props, name)}-??????`

function managedSecretArn(props: ServerSecretsProps, name: string): string {
  const { platform } = props.contract
  return arn(props.contract, 'secretsmanager', `secret:${managedSecretName({ platform, serverId: props.serverId, uid: props.uid, name })}`)
}
