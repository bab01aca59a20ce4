import type { Principal } from '../../access/principal.ts'
import type { AuditEntry } from '../../schema/audit.ts'
import { listAudit as listStored } from '../../store/audit.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type AuditView, auditView } from '../views.ts'
import { listVisible } from './list-visible.ts'

export interface AuditFilter {
  readonly serverId?: string | undefined
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly outcome?: AuditEntry['outcome'] | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Who changed what, or tried to; newest first. */
export async function listAudit(
  ports: ApiPorts,
  principal: Principal,
  { cursor, limit, ...filter }: AuditFilter & { cursor?: string | undefined; limit: number },
): Promise<{ items: AuditView[]; cursor?: string }> {
  authorise(principal, 'audit:read')
  const { serverId, actor, action, outcome } = filter
  const time = (text: string | undefined) => (text === undefined ? undefined : new Date(text).toISOString())
  const of = { serverId, actor, from: time(filter.from), to: time(filter.to) }
  const fits = (entry: AuditEntry) => (action ?? entry.action) === entry.action && (outcome ?? entry.outcome) === entry.outcome
  const list = `audit/${JSON.stringify([serverId, actor, action, outcome, of.from, of.to])}`
  const page = await listVisible(list, { cursor, limit }, (position) => listStored(ports.store, { ...of, ...position }), fits)
  return { ...page, items: page.items.map(auditView) }
}
