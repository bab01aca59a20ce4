import type { AuthorizerAnswer, AuthorizerEvent } from '../access/authorizer-event.ts'
import { createAuthorizer } from '../access/create-authorizer.ts'
import { createAuthorizerPorts } from './adapters/create-authorizer-ports.ts'
import { parseConfig } from './config.ts'

let authorize: Promise<ReturnType<typeof createAuthorizer>> | undefined

export async function handler(event: AuthorizerEvent): Promise<AuthorizerAnswer> {
  authorize ??= createAuthorizerPorts(parseConfig()).then(createAuthorizer)
  authorize.catch(() => {
    authorize = undefined
  })
  return (await authorize)(event)
}
