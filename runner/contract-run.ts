import { ulid } from 'ulid'
import type { LoadBalancerMode } from '../schema/contract.ts'
import type { Run } from '../schema/run.ts'
import type { NewEvent } from '../store/events.ts'

/** The run that takes away what an expand has left standing; the sweep starts it. */
export function contractRun(expand: Run, oldMode: LoadBalancerMode): { run: Run; event: NewEvent } {
  const now = new Date().toISOString()
  const { serverId, serverUid, revision, createdBy } = expand
  const run: Run = {
    format: 1,
    id: ulid().toLowerCase(),
    serverId,
    serverUid,
    revision,
    type: 'apply',
    phase: 'contract',
    status: 'QUEUED',
    createdBy,
    createdAt: now,
    updatedAt: now,
    eventCount: 0,
  }
  const message = `The new way is proven: what is left of load balancer mode ${oldMode} goes now (after run ${expand.id}).`
  return { run, event: { writer: 'runner', type: 'run.queued', message, data: { after: expand.id } } }
}
