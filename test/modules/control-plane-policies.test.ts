import { expect, test } from 'vitest'
import { apiPolicy, authorizerPolicy, reconcilerPolicy, startRuns } from '../../modules/control-plane-policies.ts'
import type { PolicyStatement } from '../../modules/policy.ts'
import { runnerPolicy } from '../../modules/runner-policy.ts'

const names = { platform: 'sandbox', region: 'eu-west-1', account: '123456789012' }
const keys = {
  dataKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/data',
  identityKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/identity',
}
const scope = {
  restApiId: 'a1',
  vpcId: 'vpc-1',
  clusterName: 'gantry-sandbox',
  repositoryArn: 'arn:aws:ecr:eu-west-1:123456789012:repository/x',
}
const runner = runnerPolicy(names, keys, scope)
const actions = (statements: PolicyStatement[]) => statements.flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []))

test('a build can be started with RUN_ID alone', () => {
  const [, variables] = startRuns(names)
  expect(variables).toMatchObject({
    Effect: 'Deny',
    Condition: { 'ForAnyValue:StringNotEquals': { 'codebuild:environment.environmentVariables.name': 'RUN_ID' } },
  })
})

test.each(['source.buildspec', 'environment.image', 'environment.privilegedMode', 'serviceRole', 'vpcConfig'])(
  'a start that overrides %s is denied by a statement of its own',
  (key) => {
    expect(startRuns(names)).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Null: { [`codebuild:${key}`]: 'false' } } }),
    )
  },
)

test.each([
  ['api', apiPolicy(names, keys)],
  ['reconciler', reconcilerPolicy(names, keys)],
  ['authorizer', authorizerPolicy(names, keys)],
  ['runner', runner],
])('the %s can neither change the project nor start builds another way', (_, statements) => {
  const all = actions(statements)
  for (const action of ['codebuild:StartBuildBatch', 'codebuild:RetryBuild', 'codebuild:UpdateProject']) expect(all).not.toContain(action)
  expect(all.filter((action) => action === '*' || action === 'codebuild:*' || action === 'iam:*')).toEqual([])
})

test('only the authorizer signs identities, and it writes nothing', () => {
  expect(actions(authorizerPolicy(names, keys))).toContain('kms:Sign')
  expect(
    actions(authorizerPolicy(names, keys)).filter((action) => /Put|Update|Delete/.test(action.replace('logs:PutLogEvents', ''))),
  ).toEqual([])
  for (const statements of [apiPolicy(names, keys), reconcilerPolicy(names, keys), runner])
    expect(actions(statements)).not.toContain('kms:Sign')
})

test('the runner makes roles only within the boundary, and hands them to tasks only', () => {
  const create = runner.find(({ Action }) => Action.includes('iam:CreateRole'))
  expect(create?.Condition).toEqual({
    StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::123456789012:policy/gantry/sandbox/server-boundary' },
  })
  const pass = runner.find(({ Action }) => Action.includes('iam:PassRole'))
  expect(pass).toMatchObject({
    Resource: ['arn:aws:iam::123456789012:role/gantry/sandbox/*'],
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  })
})

test('whatever the runner may change names its resource', () => {
  const changing = runner.filter(({ Action }) =>
    [Action].flat().some((action) => /:(Create|Delete|Put|Update|Modify|Register)/.test(action)),
  )
  const everywhere = changing.filter(({ Resource }) => [Resource].flat().includes('*')).flatMap(({ Action }) => Action)
  expect(everywhere).toEqual(['iam:CreateServiceLinkedRole'])
})

test('the runner reads the rules that it is held to, and can change none', () => {
  const about = runner.filter(({ Resource }) => [Resource].flat().some((resource) => resource?.endsWith('/rules/*')))
  expect(actions(about)).toEqual(['s3:GetObject'])
})
