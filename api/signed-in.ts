import type { MiddlewareHandler } from 'hono'
import { authenticate } from '../access/authenticate.ts'
import type { Action } from '../access/decide.ts'
import { GantryError } from '../schema/error-code.ts'
import { readKey } from '../store/keys.ts'
import type { AppEnv } from './app-env.ts'
import { authorise } from './authorise.ts'
import type { ApiPorts } from './ports.ts'

/**
 * Lets only known callers through, before anything of the request is read. `action` is for calls that depend on the
 * caller alone; where a server decides too, its verb asks again.
 */
export function signedIn(ports: ApiPorts, action?: Action): MiddlewareHandler<AppEnv> {
  const keys = { readKey: (id: string) => readKey(ports.store, id) }
  return async (c, next) => {
    const ask = async () => {
      const principal = await authenticate(keys, c.req.header('authorization'), ports.clock.now())
      if (!principal) throw new GantryError('UNAUTHENTICATED', 'No valid key. Send an API key as "Authorization: Bearer gantry_…".')
      return principal
    }
    const principal = await ask()
    c.set('principal', principal)
    if (action) authorise(principal, action)
    c.set('confirm', async () => void (await ask()))
    await next()
  }
}
