import type { Principal } from '../../access/principal.ts'
import type { Run } from '../../schema/run.ts'
import type { ApiPorts } from '../ports.ts'

type NewRun = Pick<Run, 'serverId' | 'serverUid' | 'revision' | 'type'> & Partial<Pick<Run, 'id' | 'proposal'>>

/** A queued run that nobody has stored yet. */
export function newRun(ports: ApiPorts, principal: Principal, of: NewRun): Run {
  const at = ports.clock.now().toISOString()
  return { format: 1, id: ports.newId(), ...of, status: 'QUEUED', createdBy: principal.id, createdAt: at, updatedAt: at, eventCount: 0 }
}
