import * as z from 'zod'

/** What a server is to its users. It changes when a run begins to apply, never while one plans or waits. */
export const ServerStatus = z.enum(['CREATING', 'IN_SERVICE', 'UPDATING', 'STOPPING', 'STOPPED', 'STARTING', 'DELETING', 'FAILED'])
export type ServerStatus = z.infer<typeof ServerStatus>

/**
 * The legal ways out of each status; `GONE` is the end of the record. Every status has one. A stop or start that ended before
 * it changed anything leads back.
 */
export const serverTransitions = {
  CREATING: ['IN_SERVICE', 'STOPPED', 'FAILED', 'DELETING', 'GONE'],
  IN_SERVICE: ['UPDATING', 'STOPPING', 'DELETING', 'FAILED'],
  UPDATING: ['IN_SERVICE', 'STOPPED', 'FAILED'],
  STOPPING: ['STOPPED', 'IN_SERVICE', 'FAILED'],
  STOPPED: ['UPDATING', 'STARTING', 'DELETING', 'FAILED'],
  STARTING: ['IN_SERVICE', 'STOPPED', 'FAILED'],
  DELETING: ['GONE', 'FAILED'],
  FAILED: ['UPDATING', 'DELETING', 'FAILED'],
} as const satisfies Record<ServerStatus, readonly (ServerStatus | 'GONE')[]>

/** Statuses in which no run is applying: the ones that PATCH, PUT and DELETE accept. */
export const settledStatuses = ['IN_SERVICE', 'STOPPED', 'FAILED'] as const satisfies readonly ServerStatus[]

/** The statuses from which `to` is legal, for a conditional write. */
export function serverStatusesBefore(to: ServerStatus | 'GONE'): ServerStatus[] {
  return ServerStatus.options.filter((from) => (serverTransitions[from] as readonly string[]).includes(to))
}
