import type { Context } from 'hono'
import type { Principal } from '../access/principal.ts'

/** What middleware leaves for handlers. */
export interface AppEnv {
  Variables: { requestId: string; principal: Principal }
}
export type AppContext = Context<AppEnv>
