import type { AuditEntry } from '../../schema/audit.ts'
import { putAudit } from '../../store/audit.ts'
import { noteOfRun } from '../audited.ts'
import type { ApiPorts } from '../ports.ts'
import type { Decision } from './decide-by-review.ts'

type Ending = Pick<AuditEntry, 'outcome' | 'code'>

/**
 * The audit of a decision that came by no call of the API: an entry that it was begun, so that a process that dies after it
 * leaves a trace, and what replaces it at the end.
 */
export async function auditReview(
  ports: ApiPorts,
  { run, review, state }: Decision,
  actor: string,
): Promise<(ending: Ending) => Promise<void>> {
  const begun: AuditEntry = {
    format: 1,
    id: ports.newId(),
    at: ports.clock.now().toISOString(),
    action: 'run:review',
    outcome: 'started',
    actor,
    ...noteOfRun(run),
    method: state.kind === 'merged' ? 'MERGE' : 'CLOSE',
    path: `/${review.provider}/${review.branch}`,
    sourceIp: review.provider,
    requestId: state.kind === 'merged' ? state.commit : review.commit,
  }
  await putAudit(ports.store, begun)
  return (ending) => putAudit(ports.store, { ...begun, ...ending })
}
