/** One header as it came, with its case: REST APIs treat header names by case. */
export type RawHeader = readonly [name: string, value: string]

/** What API Gateway knows of one call, and what mappings may name. */
export interface Call {
  readonly requestId: string
  readonly apiId: string
  readonly stage: string
  readonly region: string
  readonly account: string
  readonly httpMethod: string
  /** Raw, without the query. */
  readonly path: string
  readonly resourcePath: string
  /** Raw, without the question mark. */
  readonly query: string
  readonly headers: readonly RawHeader[]
  readonly pathParameters: Readonly<Record<string, string>>
  readonly stageVariables: Readonly<Record<string, string>>
  readonly sourceIp: string
  /** The authorizer's context and `principalId`, once it has answered. */
  readonly authorizer?: Readonly<Record<string, string>>
}

/** Names that HTTP itself defines arrive in API Gateway's own spelling; all others keep the client's. */
const canonical = new Set([
  'accept',
  'authorization',
  'content-type',
  'content-length',
  'cookie',
  'host',
  'origin',
  'referer',
  'user-agent',
])

export const sameHeader = (a: string, b: string): boolean =>
  a === b || (a.toLowerCase() === b.toLowerCase() && canonical.has(a.toLowerCase()))

/** The last value of a header, as `method.request.header.<name>` sees it. */
export function headerValue(call: Pick<Call, 'headers'>, name: string): string | undefined {
  return call.headers.findLast(([candidate]) => sameHeader(candidate, name))?.[1]
}

export const methodArn = (call: Call): string =>
  `arn:aws:execute-api:${call.region}:${call.account}:${call.apiId}/${call.stage}/${call.httpMethod}${call.path}`
