import type { Context } from 'hono'
import type { Principal } from '../access/principal.ts'
import type { ErrorCode } from '../schema/error-code.ts'
import type { AuditNote } from './audited.ts'

/** What middleware leaves for handlers. */
export interface AppEnv {
  Variables: {
    requestId: string
    principal: Principal
    /** Asks again whether the caller's key is good; throws where it was revoked or expired while a call waited. */
    confirm: () => Promise<void>
    /** What the audit is told of a call that changes something. */
    audit: AuditNote | undefined
    recordStart: () => Promise<void>
    /** Of the refusal that answers the call. */
    problemCode: ErrorCode | undefined
  }
}
export type AppContext = Context<AppEnv>
