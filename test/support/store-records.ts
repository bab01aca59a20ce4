import { randomUUID } from 'node:crypto'
import type { Revision } from '../../schema/revision.ts'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import type { NewEvent } from '../../store/events.ts'

const at = '2026-01-02T03:04:05.678Z'

export const newEvent = (message = 'Run queued'): NewEvent => ({ writer: 'api', type: 'run.queued', message })

export const newRun = (of: { serverId: string; serverUid: string }, some: Partial<Run> = {}): Run => ({
  format: 1,
  id: randomUUID(),
  ...of,
  revision: 1,
  type: 'apply',
  status: 'QUEUED',
  createdBy: 'key:admin',
  createdAt: at,
  updatedAt: at,
  eventCount: 0,
  ...some,
})

/** What one POST /servers stores. */
export function newServer(id: string): { server: Server; revision: Revision; run: Run; event: NewEvent } {
  const uid = randomUUID().slice(0, 8)
  const run = newRun({ serverId: id, serverUid: uid })
  const by = { createdBy: 'key:admin', createdAt: at }
  const definition = { name: id, serverType: 'stdio', startCommand: 'node server.js' }
  return {
    server: {
      format: 1,
      id,
      uid,
      name: id,
      status: 'CREATING',
      revision: 1,
      groups: [],
      generation: 0,
      lastRunId: run.id,
      updatedAt: at,
      ...by,
    },
    revision: { format: 1, serverId: id, serverUid: uid, number: 1, definition, enabled: true, ...by },
    run,
    event: newEvent(),
  }
}
