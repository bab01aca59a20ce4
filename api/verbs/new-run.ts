import type { Principal } from '../../access/principal.ts'
import type { Run } from '../../schema/run.ts'
import type { ApiPorts } from '../ports.ts'

type NewRun<T extends Run['type']> = Pick<Run, 'serverId' | 'serverUid' | 'revision'> & Partial<Pick<Run, 'id' | 'proposal'>> & { type: T }

/** A queued run that nobody has stored yet. */
export function newRun<T extends Run['type']>(ports: ApiPorts, principal: Principal, of: NewRun<T>): Run & { type: T } {
  const at = ports.clock.now().toISOString()
  return { format: 1, id: ports.newId(), ...of, status: 'QUEUED', createdBy: principal.id, createdAt: at, updatedAt: at, eventCount: 0 }
}
