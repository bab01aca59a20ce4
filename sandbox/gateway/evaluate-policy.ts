import * as z from 'zod'
import { matchesWildcard } from './matches-wildcard.ts'

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())])

/** What an authorizer function must answer; anything else is AUTHORIZER_CONFIGURATION_ERROR. */
export const AuthorizerResult = z.object({
  principalId: z.string(),
  policyDocument: z.object({
    Statement: z
      .union([z.array(z.unknown()), z.unknown().transform((one) => [one])])
      .pipe(z.array(z.object({ Effect: z.enum(['Allow', 'Deny']), Action: list, Resource: list }))),
  }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})
export type AuthorizerResult = z.infer<typeof AuthorizerResult>

/** IAM's decision on one method: an explicit Deny wins, and without an Allow the answer is an implicit Deny. */
export function evaluatePolicy(result: AuthorizerResult, methodArn: string): 'allow' | 'deny' | 'explicit-deny' {
  const matching = result.policyDocument.Statement.filter(
    (statement) =>
      statement.Action.some((action) => matchesWildcard(action.toLowerCase(), 'execute-api:invoke')) &&
      statement.Resource.some((resource) => matchesWildcard(resource, methodArn)),
  )
  if (matching.some((statement) => statement.Effect === 'Deny')) return 'explicit-deny'
  return matching.some((statement) => statement.Effect === 'Allow') ? 'allow' : 'deny'
}
