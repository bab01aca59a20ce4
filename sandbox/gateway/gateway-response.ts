import type { GatewayResponse, GatewayResponseType } from '@aws-sdk/client-api-gateway'
import type { Call, RawHeader } from './call.ts'
import { resolveExpression } from './resolve-expression.ts'

const defaults = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'Internal server error'],
  AUTHORIZER_FAILURE: [500, 'Internal server error'],
  INTEGRATION_FAILURE: [504, 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  REQUEST_TOO_LARGE: [413, 'Request Entity Too Large'],
  UNAUTHORIZED: [401, 'Unauthorized'],
} as const satisfies Partial<Record<GatewayResponseType, readonly [number, string]>>

/** The kinds of answer that API Gateway makes by itself. */
export type GatewayResponseKind = keyof typeof defaults

export interface RenderedResponse {
  readonly status: number
  readonly headers: readonly RawHeader[]
  readonly body: string
}

type Variables = (name: string) => string | undefined

function renderTemplate(template: string, variables: Variables): string {
  const name = String.raw`(?:context|stageVariables)\.[A-Za-z0-9_.]*[A-Za-z0-9_]`
  const variable = new RegExp(String.raw`\$(?:\{(${name})\}|(${name}))`, 'g')
  return template.replace(variable, (_, braced?: string, bare?: string) => variables(braced ?? bare ?? '') ?? '')
}

/**
 * An answer of API Gateway's own, as the API's gateway responses shape it: its type's record, else DEFAULT_4XX or DEFAULT_5XX, else
 * AWS's own.
 */
export function gatewayResponse(
  records: readonly GatewayResponse[],
  kind: GatewayResponseKind,
  call: Call,
  message?: string,
): RenderedResponse {
  const [status, text] = defaults[kind]
  const find = (type: GatewayResponseType) => records.find((record) => record.responseType === type && !record.defaultResponse)
  const record = find(kind) ?? find(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX')
  const errors: Record<string, string> = {
    'context.error.message': message ?? text,
    'context.error.messageString': JSON.stringify(message ?? text),
    'context.error.responseType': kind,
  }
  const variables: Variables = (name) => errors[name] ?? resolveExpression(name, call)
  const headers: RawHeader[] = [
    ['x-amzn-RequestId', call.requestId],
    ['Content-Type', 'application/json'],
  ]
  for (const [target, expression] of Object.entries(record?.responseParameters ?? {})) {
    const name = target.replace(/^gatewayresponse\.header\./, '')
    const value = errors[expression] ?? resolveExpression(expression, call)
    if (value !== undefined) headers.push([name, value])
  }
  const template = record?.responseTemplates?.['application/json'] ?? '{"message":$context.error.messageString}'
  return { status: Number(record?.statusCode ?? status), headers: lastOfEach(headers), body: renderTemplate(template, variables) }
}

function lastOfEach(headers: readonly RawHeader[]): RawHeader[] {
  return [...new Map(headers.map((header) => [header[0].toLowerCase(), header])).values()]
}
