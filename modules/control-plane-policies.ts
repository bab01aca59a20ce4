import { reviewEvents } from '../schema/names.ts'
import { arn } from './arn.ts'
import { bucketArn, contractArn, managedSecretArns, type PlatformNames, platformName, projectArn, tableArn } from './platform-names.ts'
import { allow, type PolicyStatement } from './policy.ts'

export interface PolicyKeys {
  readonly dataKeyArn: string
  readonly identityKeyArn: string
}

const tableRead = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem']
const tableWrite = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'ConditionCheckItem'].map((action) => `dynamodb:${action}`)
const useKey = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey']

export function tableAccess(names: PlatformNames, access: 'read' | 'write'): PolicyStatement {
  const actions = access === 'read' ? tableRead : [...tableRead, ...tableWrite]
  return allow(actions, [tableArn(names), `${tableArn(names)}/index/*`])
}

export const dataKeyUse = (keys: PolicyKeys): PolicyStatement => allow(useKey, [keys.dataKeyArn])
export const contractRead = (names: PlatformNames): PolicyStatement => allow(['ssm:GetParameter'], [contractArn(names)])
export const logsWrite = (names: PlatformNames, logGroup: string): PolicyStatement =>
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [arn(names, 'logs', `log-group:${logGroup}:*`)])

/** One secret of the review repository, and no other. */
export const secretRead = (secretArn: string): PolicyStatement => allow(['secretsmanager:GetSecretValue'], [secretArn])

/** What a start may override beside environment variables; all of it is refused. */
const overrides = [
  'source.buildspec',
  'source.type',
  'source.location',
  'environment.image',
  'environment.type',
  'environment.privilegedMode',
  'serviceRole',
  'vpcConfig',
  'logsConfig',
]

/** A build may be started with `RUN_ID` and nothing else: one Deny a key, as several keys of one statement must all match. */
export function startRuns(names: PlatformNames): PolicyStatement[] {
  const resources = [projectArn(names)]
  const deny = (condition: PolicyStatement['Condition']): PolicyStatement => ({
    Effect: 'Deny',
    Action: 'codebuild:StartBuild',
    Resource: resources,
    Condition: condition,
  })
  return [
    allow(['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild', 'codebuild:ListBuildsForProject'], resources),
    deny({ 'ForAnyValue:StringNotEquals': { 'codebuild:environment.environmentVariables.name': 'RUN_ID' } }),
    ...overrides.map((key) => deny({ Null: { [`codebuild:${key}`]: 'false' } })),
  ]
}

export function apiPolicy(names: PlatformNames, keys: PolicyKeys): PolicyStatement[] {
  const services = arn(names, 'ecs', `service/${platformName(names)}/${names.platform}-*`)
  return [
    logsWrite(names, `/aws/lambda/${platformName(names)}-api`),
    tableAccess(names, 'write'),
    dataKeyUse(keys),
    contractRead(names),
    ...startRuns(names),
    // It writes values and never reads one.
    allow(
      ['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue', 'secretsmanager:TagResource', 'secretsmanager:DeleteSecret'],
      [managedSecretArns(names)],
    ),
    allow(['secretsmanager:ListSecrets'], ['*']),
    // A new deployment of the same tasks; its definition and its size are the runner's.
    allow(['ecs:UpdateService'], [services]),
    // Tells the reconciler that somebody decided.
    allow(['events:PutEvents'], [arn(names, 'events', 'event-bus/default')], {
      StringEquals: { 'events:source': reviewEvents(names.platform) },
    }),
    // What GET /servers/{id} and its logs show; ListTasks, DescribeTasks and target health know no narrower resource.
    allow(['ecs:DescribeServices'], [services]),
    allow(['ecs:ListTasks', 'ecs:DescribeTasks'], ['*'], {
      ArnEquals: { 'ecs:cluster': arn(names, 'ecs', `cluster/${platformName(names)}`) },
    }),
    allow(['elasticloadbalancing:DescribeTargetHealth'], ['*']),
    allow(
      ['logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:FilterLogEvents'],
      [arn(names, 'logs', `log-group:/gantry/${names.platform}/*`)],
    ),
    allow(['s3:GetObject'], [`${bucketArn(names, 'state')}/runs/*`]),
    // The raw plan of a run that nobody can apply any more.
    allow(['s3:DeleteObject'], [`${bucketArn(names, 'state')}/runs/*/artifact.tar.gz`]),
    // Also tells "not there yet" (404) from "not allowed" (403).
    allow(['s3:ListBucket'], [bucketArn(names, 'state')]),
  ]
}

export function authorizerPolicy(names: PlatformNames, keys: PolicyKeys): PolicyStatement[] {
  return [
    logsWrite(names, `/aws/lambda/${platformName(names)}-authorizer`),
    tableAccess(names, 'read'),
    dataKeyUse(keys),
    contractRead(names),
    allow(['kms:Sign'], [keys.identityKeyArn]),
  ]
}

/** It ends runs, frees the state locks they left (with proof), and starts what the API could not. */
export function reconcilerPolicy(names: PlatformNames, keys: PolicyKeys): PolicyStatement[] {
  return [
    logsWrite(names, `/aws/lambda/${platformName(names)}-reconciler`),
    tableAccess(names, 'write'),
    dataKeyUse(keys),
    contractRead(names),
    ...startRuns(names),
    allow(['s3:GetObject', 's3:DeleteObject'], [`${bucketArn(names, 'state')}/servers/*.tflock`]),
    // Plans, for the pull requests that show them.
    allow(['s3:GetObject'], [`${bucketArn(names, 'state')}/runs/*`]),
    allow(['s3:DeleteObject'], [`${bucketArn(names, 'state')}/runs/*/artifact.tar.gz`]),
    allow(['s3:ListBucket'], [bucketArn(names, 'state')]),
    // A change proposed in the review repository may name managed secrets; it never reads one.
    allow(
      ['secretsmanager:CreateSecret', 'secretsmanager:TagResource', 'secretsmanager:DescribeSecret', 'secretsmanager:DeleteSecret'],
      [managedSecretArns(names)],
    ),
    allow(['secretsmanager:ListSecrets'], ['*']),
  ]
}
