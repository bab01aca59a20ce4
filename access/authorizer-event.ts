/** What of API Gateway's REST authorizer event (type REQUEST or TOKEN) is read; everything else is ignored. */
export interface AuthorizerEvent {
  readonly type: 'REQUEST' | 'TOKEN'
  readonly methodArn: string
  /** TOKEN only: the value of the identity source. */
  readonly authorizationToken?: string
  /** REQUEST only: the resource's path, e.g. `/mcp/{id}/{proxy+}`, or `/mcp/docs` where it is static. */
  readonly resource?: string
  readonly headers?: Readonly<Record<string, string | undefined>> | null
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null
}

export interface AuthorizerAnswer {
  principalId: string
  policyDocument: {
    Version: '2012-10-17'
    Statement: [{ Action: 'execute-api:Invoke'; Effect: 'Allow' | 'Deny'; Resource: string }]
  }
  context: Record<string, string>
}

/** The one Authorization header of the event; undefined where there is none, or more than one. */
export function authorizationHeader(event: AuthorizerEvent): string | undefined {
  if (event.type === 'TOKEN') return event.authorizationToken
  const multiple = Object.entries(event.multiValueHeaders ?? {}).flatMap(([name, values]) => (isAuthorization(name) ? (values ?? []) : []))
  const single = Object.entries(event.headers ?? {}).flatMap(([name, value]) => (isAuthorization(name) && value ? [value] : []))
  const found = multiple.length > 0 ? multiple : single
  return found.length === 1 ? found[0] : undefined
}

const isAuthorization = (name: string): boolean => name.toLowerCase() === 'authorization'
