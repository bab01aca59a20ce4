import { arn, partition } from './arn.ts'
import type { ContainersProps } from './containers.ts'
import { allow, type PolicyStatement } from './policy.ts'
import { secretArns } from './server-secrets.ts'

/** What ECS needs to start a task: its log group, its image, exactly its secrets. */
export function executionPolicy(props: ContainersProps): PolicyStatement[] {
  const { contract } = props
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [arn(contract, 'logs', `log-group:${props.logGroup}:*`)]),
    ...pullStatements(props),
    ...secretStatements(props),
  ]
}

/** What the server itself may do: its files from S3, and what its definition asks for. */
export function taskPolicy(props: ContainersProps): PolicyStatement[] {
  const { s3Path, taskPolicy: asked } = props.definition
  return [...(s3Path === undefined ? [] : filesStatements(s3Path, props)), ...(asked ?? [])]
}

/** This account's own images: the platform's, and the definition's where it is one of ours. */
function pullStatements({ definition, contract }: ContainersProps): PolicyStatement[] {
  const registry = new RegExp(`^${contract.account}\\.dkr\\.ecr\\.${contract.region}\\.[^/]+/([^:@]+)`)
  const repositories = [contract.runtimeImage, definition.image ?? '']
    .map((image) => registry.exec(image)?.[1])
    .filter((name) => name !== undefined)
    .map((name) => arn(contract, 'ecr', `repository/${name}`))
  if (repositories.length === 0) return []
  const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
  return [allow(['ecr:GetAuthorizationToken'], ['*']), allow(pull, [...new Set(repositories)])]
}

/** The secrets by ARN, and their keys only through the service that keeps them. */
function secretStatements(props: ContainersProps): PolicyStatement[] {
  const arns = secretArns(props)
  const kept = { secretsmanager: arns.filter(isSecret), ssm: arns.filter((secret) => !isSecret(secret)) }
  const actions = { secretsmanager: 'secretsmanager:GetSecretValue', ssm: 'ssm:GetParameters' }
  return (['secretsmanager', 'ssm'] as const).flatMap((service) => {
    if (kept[service].length === 0) return []
    const via = { StringEquals: { 'kms:ViaService': `${service}.${props.contract.region}.amazonaws.com` } }
    return [allow([actions[service]], kept[service]), allow(['kms:Decrypt'], [arn(props.contract, 'kms', 'key/*')], via)]
  })
}

const isSecret = (secret: string): boolean => secret.split(':')[2] === 'secretsmanager'

function filesStatements(s3Path: string, { contract }: ContainersProps): PolicyStatement[] {
  const bucket = `arn:${partition(contract.region)}:s3:::${contract.artifactsBucket}`
  const prefix = s3Path.replace(/^s3:\/\/[^/]+\/?/, '').replace(/^\/+|\/+$/g, '')
  return [
    allow(['s3:GetObject'], [`${bucket}/${prefix}/*`]),
    allow(['s3:ListBucket'], [bucket], { StringLike: { 's3:prefix': [prefix, `${prefix}/*`] } }),
    allow(['kms:Decrypt'], [contract.kmsKeyArn]),
  ]
}
