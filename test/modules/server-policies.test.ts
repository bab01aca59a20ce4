import { expect, test } from 'vitest'
import { executionPolicy, taskPolicy } from '../../modules/server-policies.ts'
import { Definition } from '../../schema/definition.ts'
import { resolveDefinition } from '../../schema/resolve-definition.ts'
import { exampleContract } from '../support/synth-inputs.ts'

const contract = exampleContract()
const secret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf'
const parameter = 'arn:aws:ssm:eu-west-1:123456789012:parameter/b'

function props(more: Record<string, unknown>) {
  const parsed = Definition.parse({ name: 'Docs', serverType: 'stdio', startCommand: 'x', ...more })
  return { definition: resolveDefinition(parsed, contract), uid: 'u1', serverId: 'docs', contract, logGroup: '/gantry/sandbox/docs' }
}

const kept = (name: string) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:gantry/sandbox/docs/u1/${name}-??????`
const session = kept('GANTRY_SESSION_SECRET')

test('the execution role reads exactly the secrets that are bound, each through its own service', () => {
  const policy = executionPolicy(props({ secrets: { A: { arn: secret }, B: { arn: parameter }, C: { managed: true } } }))
  expect(policy).toContainEqual({ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [secret, kept('C'), session] })
  expect(policy).toContainEqual({ Effect: 'Allow', Action: ['ssm:GetParameters'], Resource: [parameter] })
})

test('keys of secrets are usable only through the service that keeps the secret', () => {
  const decrypt = executionPolicy(props({ secrets: { A: { arn: secret } } })).find(({ Action }) => Action.includes('kms:Decrypt'))
  expect(decrypt?.Condition).toEqual({ StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } })
})

test('without secrets of its own the execution role reads what session ids are sealed with, and no parameter', () => {
  const policy = executionPolicy(props({}))
  expect(policy).toContainEqual({ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [session] })
  expect(JSON.stringify(policy)).not.toContain('ssm')
})

test('the execution role writes to the log group of its own server only', () => {
  const [logs] = executionPolicy(props({}))
  expect(logs?.Resource).toEqual(['arn:aws:logs:eu-west-1:123456789012:log-group:/gantry/sandbox/docs:*'])
})

test('a task may do nothing by default', () => {
  expect(taskPolicy(props({}))).toEqual([])
})

test('files from S3 are readable below their prefix alone', () => {
  const [read] = taskPolicy(props({ s3Path: `s3://${contract.artifactsBucket}/docs/v1/` }))
  expect(read?.Resource).toEqual([`arn:aws:s3:::${contract.artifactsBucket}/docs/v1/*`])
})

test('what the definition asks for is in the task policy as it was written', () => {
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::x/${aws:username}/*' }
  expect(taskPolicy(props({ taskPolicy: [statement] }))).toEqual([statement])
})
