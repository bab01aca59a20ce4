import { type Call, headerValue } from './call.ts'

const own = (record: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

function contextValue(call: Call, name: string): string | undefined {
  if (name.startsWith('authorizer.')) return own(call.authorizer ?? {}, name.slice('authorizer.'.length))
  const values: Record<string, string> = {
    requestId: call.requestId,
    extendedRequestId: call.requestId,
    apiId: call.apiId,
    stage: call.stage,
    accountId: call.account,
    httpMethod: call.httpMethod,
    path: call.path,
    resourcePath: call.resourcePath,
    protocol: 'HTTP/1.1',
    'identity.sourceIp': call.sourceIp,
    'identity.userAgent': headerValue(call, 'User-Agent') ?? '',
  }
  return own(values, name)
}

/**
 * The value of a mapping expression (`method.request.{path,header,querystring}.x`, `context.x`, `stageVariables.x`, `'static'`);
 * undefined where the request has none.
 */
export function resolveExpression(expression: string, call: Call): string | undefined {
  if (expression.length >= 2 && expression.startsWith("'") && expression.endsWith("'")) return expression.slice(1, -1)
  const [scope, rest] = [expression.slice(0, expression.indexOf('.')), expression.slice(expression.indexOf('.') + 1)]
  if (scope === 'context') return contextValue(call, rest)
  if (scope === 'stageVariables') return own(call.stageVariables, rest)
  const request = /^method\.request\.(path|header|querystring)\.(.+)$/s.exec(expression)
  const name = request?.[2] ?? ''
  if (request?.[1] === 'path') return own(call.pathParameters, name)
  if (request?.[1] === 'header') return headerValue(call, name)
  if (request?.[1] === 'querystring') return new URLSearchParams(call.query).getAll(name).at(-1)
  return undefined
}
