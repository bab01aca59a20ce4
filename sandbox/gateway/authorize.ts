import type { Authorizer } from '@aws-sdk/client-api-gateway'
import type { Cache } from './cache.ts'
import { type Call, methodArn } from './call.ts'
import { AuthorizerResult, evaluatePolicy } from './evaluate-policy.ts'
import type { GatewayResponseKind } from './gateway-response.ts'
import { resolveExpression } from './resolve-expression.ts'

/** Calls a function by name with an event; rejects with what the function threw. */
export type InvokeLambda = (functionName: string, event: unknown) => Promise<unknown>

export type Authorization =
  | { readonly allowed: true; readonly context: Record<string, string> }
  | {
      readonly allowed: false
      readonly kind: GatewayResponseKind
      readonly message?: string
      readonly context?: Record<string, string>
      readonly cause?: unknown
    }

const byName = (pairs: Iterable<readonly [string, string]>): Record<string, string[]> => {
  const all: Record<string, string[]> = Object.create(null)
  for (const [name, value] of pairs) all[name] = [...(all[name] ?? []), value]
  return all
}
const lastOf = (all: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1) ?? '']))

/** The event of a REQUEST authorizer, as API Gateway makes it. */
function authorizerEvent(call: Call) {
  const headers = byName(call.headers)
  const query = byName(new URLSearchParams(call.query))
  return {
    type: 'REQUEST',
    methodArn: methodArn(call),
    resource: call.resourcePath,
    path: call.path,
    httpMethod: call.httpMethod,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: query,
    pathParameters: { ...call.pathParameters },
    stageVariables: { ...call.stageVariables },
    requestContext: {
      path: `/${call.stage}${call.path}`,
      accountId: call.account,
      stage: call.stage,
      requestId: call.requestId,
      identity: { sourceIp: call.sourceIp },
      resourcePath: call.resourcePath,
      httpMethod: call.httpMethod,
      apiId: call.apiId,
    },
  }
}

const functionName = (uri: string): string | undefined => /:function:([^:/]+)/.exec(uri)?.[1]

function tokenEvent(authorizer: Authorizer, call: Call, token: string) {
  const expression = authorizer.identityValidationExpression
  if (expression && !new RegExp(`^(?:${expression})$`).test(token)) return undefined
  return { type: 'TOKEN', methodArn: methodArn(call), authorizationToken: token }
}

async function invoke(authorizer: Authorizer, call: Call, event: unknown, invokeLambda: InvokeLambda): Promise<Authorization> {
  const name = functionName(authorizer.authorizerUri ?? '')
  if (name === undefined)
    return { allowed: false, kind: 'AUTHORIZER_CONFIGURATION_ERROR', cause: `no function in ${authorizer.authorizerUri}` }
  let answer: unknown
  try {
    answer = await invokeLambda(name, event)
  } catch (cause) {
    const unauthorized = cause instanceof Error && cause.message === 'Unauthorized'
    return { allowed: false, kind: unauthorized ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE', cause }
  }
  const result = AuthorizerResult.safeParse(answer)
  if (!result.success) return { allowed: false, kind: 'AUTHORIZER_CONFIGURATION_ERROR', cause: result.error }
  return decide(result.data, call)
}

function decide(result: AuthorizerResult, call: Call): Authorization {
  const values = Object.entries(result.context ?? {}).map(([key, value]) => [key, String(value)])
  const context = { ...Object.fromEntries(values), principalId: result.principalId }
  const decision = evaluatePolicy(result, methodArn(call))
  if (decision === 'allow') return { allowed: true, context }
  const message = `User is not authorized to access this resource${decision === 'explicit-deny' ? ' with an explicit deny' : ''}`
  return { allowed: false, kind: 'ACCESS_DENIED', message, context }
}

/**
 * Asks a Lambda authorizer about a call. A missing identity source is UNAUTHORIZED without asking; answers are kept for the record's
 * TTL (`cacheFor`), keyed by the identity sources alone, as in AWS.
 */
export async function authorize(
  authorizer: Authorizer,
  call: Call,
  invokeLambda: InvokeLambda,
  cacheFor: (ttlSeconds: number) => Cache,
): Promise<Authorization> {
  const sources = (authorizer.identitySource ?? '')
    .split(',')
    .map((source) => source.trim())
    .filter((source) => source !== '')
  const identities = sources.map((source) => resolveExpression(source, call))
  if (identities.some((identity) => identity === undefined || identity === '')) return { allowed: false, kind: 'UNAUTHORIZED' }
  const event = authorizer.type === 'TOKEN' ? tokenEvent(authorizer, call, identities[0] ?? '') : authorizerEvent(call)
  if (event === undefined) return { allowed: false, kind: 'UNAUTHORIZED' }
  const ttlSeconds = authorizer.authorizerResultTtlInSeconds ?? 300
  const ask = () => invoke(authorizer, call, event, invokeLambda)
  if (ttlSeconds === 0 || sources.length === 0) return ask()
  return cacheFor(ttlSeconds).get(JSON.stringify([authorizer.id, ...identities]), ask)
}
