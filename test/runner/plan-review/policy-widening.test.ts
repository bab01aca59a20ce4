import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { policyWidening } from '../../../runner/plan-review/policy-widening.ts'

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const allow = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})
const deny = (Action: string, Resource = '*') => ({ Effect: 'Deny', Action, Resource })
const account = (id: string) => ({ Condition: { StringEquals: { 'aws:SourceAccount': id } } })

test('each added action is named with each resource it is added on', () => {
  const after = policy(allow(['s3:GetObject', 's3:PutObject'], ['arn:a', 'arn:b']))
  expect(policyWidening(policy(allow('s3:GetObject', ['arn:a', 'arn:b'])), after)).toEqual([
    'now also allows s3:PutObject on arn:a',
    'now also allows s3:PutObject on arn:b',
  ])
})

test('another principal in a trust policy is named', () => {
  const trust = (Service: string[]) => policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } })
  expect(policyWidening(trust(['ecs-tasks.amazonaws.com']), trust(['ecs-tasks.amazonaws.com', 'ec2.amazonaws.com']))).toEqual([
    'now also allows sts:AssumeRole by Service:ec2.amazonaws.com',
  ])
})

describe('wider', () => {
  test.each([
    ['a wildcard over what was named', policy(allow('s3:GetObject')), policy(allow('s3:*'))],
    ['a question mark over what was named', policy(allow('s3:GetObject')), policy(allow('s3:GetObjec?'))],
    ['a condition that goes', policy(allow('s3:*', '*', account('1'))), policy(allow('s3:*'))],
    [
      'one value more in a condition',
      policy(allow('s3:*', '*', account('1'))),
      policy(allow('s3:*', '*', { Condition: { StringEquals: { 'aws:SourceAccount': ['1', '2'] } } })),
    ],
    [
      'one value less in a negated condition',
      policy(allow('s3:*', '*', { Condition: { StringNotEquals: { a: ['1', '2'] } } })),
      policy(allow('s3:*', '*', { Condition: { StringNotEquals: { a: ['1'] } } })),
    ],
    ['a deny that goes', policy(allow('s3:*'), deny('s3:DeleteObject')), policy(allow('s3:*'))],
    ['NotAction in place of an action', policy(allow('s3:GetObject')), policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })],
    [
      'NotAction that leaves out less',
      policy({ Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' }),
      policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
    ],
    ['NotResource', policy(allow('s3:GetObject', 'arn:a')), policy({ Effect: 'Allow', Action: 's3:GetObject', NotResource: 'arn:b' })],
    [
      'everybody',
      policy(allow('s3:GetObject', 'arn:a', { Principal: { AWS: '123456789012' } })),
      policy(allow('s3:GetObject', 'arn:a', { Principal: '*' })),
    ],
    ['a document that cannot be read', policy(), '{'],
    ['a first document', undefined, policy(allow('s3:GetObject'))],
  ])('%s', (_, before, after) => expect(policyWidening(before, after)).not.toEqual([]))
})

describe('not wider', () => {
  test.each([
    [
      'what an earlier wildcard covers',
      policy(allow('s3:Get*', 'arn:a/*')),
      policy(allow(['s3:GetObject', 's3:GetObjectAcl'], 'arn:a/b*')),
    ],
    ['another spelling of an action', policy(allow('s3:GetObject')), policy(allow('S3:getobject'))],
    ['a string for a list of one', policy(allow(['s3:GetObject'])), policy(allow('s3:GetObject'))],
    ['a condition that comes', policy(allow('s3:*')), policy(allow('s3:*', '*', account('1')))],
    ['a deny that comes', policy(allow('s3:*')), policy(allow('s3:*'), deny('s3:DeleteObject'))],
    [
      'NotAction that leaves out more',
      policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
      policy({ Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' }),
    ],
    ['no document any more', policy(allow('s3:*')), undefined],
  ])('%s', (_, before, after) => expect(policyWidening(before, after)).toEqual([]))
})

const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:Get*', 'sqs:*', 'kms:Decrypt', 'dynamodb:GetItem')
const resource = fc.constantFrom('arn:a', 'arn:b/*', 'arn:b/c', '*', 'arn:${aws:username}/x')
const some = <T>(of: fc.Arbitrary<T>) => fc.uniqueArray(of, { minLength: 1, maxLength: 4 })
const statement = fc.record({ Effect: fc.constant('Allow'), Action: some(action), Resource: some(resource) })
const statements = fc.array(statement, { minLength: 1, maxLength: 4 })

test('a policy in another order, and with parts taken away, is never wider', () => {
  const narrowed = statements.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc
        .shuffledSubarray(list)
        .chain((kept) =>
          fc.tuple(
            ...kept.map(({ Action, Resource, ...rest }) =>
              fc.record({ Effect: fc.constant(rest.Effect), Action: fc.shuffledSubarray(Action), Resource: fc.shuffledSubarray(Resource) }),
            ),
          ),
        ),
    ),
  )
  fc.assert(fc.property(narrowed, ([before, after]) => policyWidening(policy(...before), policy(...after)).length === 0))
})

test('an action that nothing covered is always named with its resource, wherever it is added', () => {
  fc.assert(
    fc.property(statements, resource, fc.nat(), (before, on, at) => {
      const after = (before as object[]).toSpliced(at % (before.length + 1), 0, {
        Effect: 'Allow',
        Action: ['iam:PassRole'],
        Resource: [on],
      })
      expect(policyWidening(policy(...before), policy(...after))).toEqual([`now also allows iam:PassRole on ${on}`])
    }),
  )
})
