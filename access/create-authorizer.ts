import { type AuthenticatePorts, authenticate } from './authenticate.ts'
import { type AuthorizerAnswer, type AuthorizerEvent, authorizationHeader } from './authorizer-event.ts'
import { createIdentity, type IdentityPorts } from './create-identity.ts'
import { createShortCache } from './create-short-cache.ts'
import { decide, type ServerFacts } from './decide.ts'
import { requestedServer } from './requested-server.ts'

export interface AuthorizerPorts extends AuthenticatePorts, IdentityPorts {
  readServer(id: string): Promise<ServerFacts | undefined>
}

/**
 * Answers API Gateway's question who may call a server: a policy for exactly that method ARN with the caller's signed
 * identity as context, a Deny (403), or the error `Unauthorized` that API Gateway turns into its 401. A revoked key
 * stops at once (keys are never cached), changed groups within 2 s.
 */
export function createAuthorizer(ports: AuthorizerPorts): (event: AuthorizerEvent) => Promise<AuthorizerAnswer> {
  const cachedServer = createShortCache<ServerFacts | undefined>({ milliseconds: 2000, maxEntries: 10_000, now: ports.now })
  const identity = createIdentity(ports)
  return async (event) => {
    const principal = await authenticate(ports, authorizationHeader(event), ports.now())
    if (!principal) throw new Error('Unauthorized')
    const id = requestedServer(event)
    const server = id === undefined ? undefined : await cachedServer(id, () => ports.readServer(id))
    if (!server || !decide(principal, 'server:call', server).allow) return answer(event, principal.id, 'Deny', { code: 'FORBIDDEN' })
    const context = { identity: await identity(principal, server.id), forwardAuthorization: 'none', principal: principal.id }
    return answer(event, principal.id, 'Allow', context)
  }
}

function answer(event: AuthorizerEvent, principalId: string, effect: 'Allow' | 'Deny', context: Record<string, string>): AuthorizerAnswer {
  const statement = { Action: 'execute-api:Invoke', Effect: effect, Resource: event.methodArn } as const
  return { principalId, policyDocument: { Version: '2012-10-17', Statement: [statement] }, context }
}
