import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AuthorizerResult, evaluatePolicy } from '../../../sandbox/gateway/evaluate-policy.ts'
import { matchesWildcard } from '../../../sandbox/gateway/matches-wildcard.ts'

const arn = 'arn:aws:execute-api:us-east-1:123456789012:api/live/POST/mcp/everything/mcp'
const statement = (Effect: 'Allow' | 'Deny', Resource: string | string[], Action = 'execute-api:Invoke') => ({ Effect, Action, Resource })
const decide = (...Statement: object[]) => evaluatePolicy(AuthorizerResult.parse({ principalId: 'p', policyDocument: { Statement } }), arn)

test.each<[string, object[], string]>([
  ['its own ARN', [statement('Allow', arn)], 'allow'],
  ['a wildcard over it', [statement('Allow', 'arn:aws:execute-api:*:*:api/live/*/mcp/everything/*')], 'allow'],
  ['one of several', [statement('Allow', ['arn:other', arn])], 'allow'],
  ['another method', [statement('Allow', arn.replace('POST', 'GET'))], 'deny'],
  ['another server', [statement('Allow', arn.replace('everything', 'everythin'))], 'deny'],
  ['another action', [statement('Allow', arn, 'execute-api:ManageConnections')], 'deny'],
  ['nothing', [], 'deny'],
  ['an Allow and a Deny', [statement('Allow', '*'), statement('Deny', arn)], 'explicit-deny'],
])('a policy on %s: %j → %s', (_, statements, decision) => {
  expect(decide(...statements)).toBe(decision)
})

test('a text without wildcards matches itself only, whatever characters it has', () => {
  const texts = fc.string({ unit: 'binary' }).map((text) => text.replace(/[*?]/g, ''))
  fc.assert(fc.property(texts, texts, (pattern, text) => matchesWildcard(pattern, text) === (pattern === text)))
})

test('a star is any run of characters', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (start, end) => matchesWildcard('a*z', `a${start}${end}z`)))
})
