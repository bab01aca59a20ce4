import type { Context } from 'hono'
import type { Principal } from '../access/principal.ts'

/** What middleware leaves for handlers. */
export interface AppEnv {
  Variables: {
    requestId: string
    principal: Principal
    /** Asks again whether the caller's key is good; throws where it was revoked or expired while a call waited. */
    confirm: () => Promise<void>
  }
}
export type AppContext = Context<AppEnv>
