import type { MiddlewareHandler } from 'hono'
import type { Action } from '../access/decide.ts'
import type { AuditEntry, AuditOutcome } from '../schema/audit.ts'
import type { Run } from '../schema/run.ts'
import { putAudit } from '../store/audit.ts'
import type { AppContext, AppEnv } from './app-env.ts'
import type { ApiPorts } from './ports.ts'
import { signedIn } from './signed-in.ts'
import { sourceIp } from './source-ip.ts'

const longestPath = 300
const longestId = 100

/** What a handler knows of the change it made; for the audit. */
export type AuditNote = Partial<Pick<AuditEntry, 'serverId' | 'serverUid' | 'revision' | 'runId' | 'keyId'>>

export function note(c: AppContext, facts: AuditNote): void {
  c.set('audit', { ...c.var.audit, ...facts })
}

export const noteOfRun = (run: Pick<Run, 'serverId' | 'serverUid' | 'revision' | 'id'>): AuditNote => ({
  serverId: run.serverId,
  serverUid: run.serverUid,
  revision: run.revision,
  runId: run.id,
})

/**
 * In front of every call that changes something: lets known callers through and keeps who asked for what, and what came of
 * it. The entry is written before anything is done and replaced at the end, so a change whose process died is told too; a
 * call that was refused before that has one entry.
 */
export function audited(ports: ApiPorts, action: Action, except?: (c: AppContext) => boolean): MiddlewareHandler<AppEnv>[] {
  const recordEnd: MiddlewareHandler<AppEnv> = async (c, next) => {
    const at = ports.clock.now().toISOString()
    const id = ports.newId()
    const entry = (outcome: AuditOutcome): AuditEntry => entryOf(c, { id, at, action, outcome })
    c.set('recordStart', () => putAudit(ports.store, entry('started')))
    note(c, noteOfPath(c, action))
    await next()
    if (except?.(c)) return
    const code = c.var.problemCode
    await putAudit(ports.store, { ...entry(outcomeOf(c)), ...(code && { code }) }).catch((error: unknown) =>
      ports.log({ event: 'audit.lost', requestId: c.var.requestId, action, error }),
    )
  }
  const recordStart: MiddlewareHandler<AppEnv> = async (c, next) => {
    if (!except?.(c)) await c.var.recordStart()
    await next()
  }
  return [recordEnd, signedIn(ports, action), recordStart]
}

function entryOf(c: AppContext, of: Pick<AuditEntry, 'id' | 'at' | 'action' | 'outcome'>): AuditEntry {
  return {
    format: 1,
    ...of,
    actor: c.get('principal')?.id ?? 'anonymous',
    ...c.var.audit,
    method: c.req.method,
    path: c.req.path.slice(0, longestPath),
    sourceIp: sourceIp(c.env),
    requestId: c.var.requestId,
  }
}

/** A refusal names what was asked for, also where there is no such thing. */
function noteOfPath(c: AppContext, action: Action): AuditNote {
  const id = c.req.param('id')?.slice(0, longestId)
  if (!id) return {}
  if (action.startsWith('key:')) return { keyId: id }
  return c.req.path.startsWith('/runs/') ? { runId: id } : { serverId: id }
}

function outcomeOf(c: AppContext): AuditOutcome {
  if (c.res.status >= 500) return 'failed'
  if (c.res.status >= 400) return 'refused'
  return c.res.headers.has('Idempotency-Replayed') ? 'replayed' : 'done'
}
