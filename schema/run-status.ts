import * as z from 'zod'

/** One attempt to bring a server to a revision, in HCP Terraform's sense. */
export const RunStatus = z.enum([
  'QUEUED',
  'PLANNING',
  'NO_CHANGES',
  'AWAITING_REVIEW',
  'APPLYING',
  'PUBLISHING',
  'VERIFYING',
  'SUCCEEDED',
  'FAILED',
  'DISCARDED',
  'CANCELLED',
  'SUPERSEDED',
  'EXPIRED',
])
export type RunStatus = z.infer<typeof RunStatus>

const ended = ['FAILED', 'CANCELLED'] as const

/** The legal next statuses of a run; a status without one is terminal. */
export const runTransitions = {
  QUEUED: ['PLANNING', 'VERIFYING', 'SUPERSEDED', 'DISCARDED', ...ended],
  PLANNING: ['NO_CHANGES', 'AWAITING_REVIEW', 'APPLYING', 'SUCCEEDED', 'SUPERSEDED', ...ended],
  AWAITING_REVIEW: ['APPLYING', 'DISCARDED', 'SUPERSEDED', 'EXPIRED', ...ended],
  APPLYING: ['PUBLISHING', 'VERIFYING', 'SUCCEEDED', ...ended],
  PUBLISHING: ['VERIFYING', 'SUCCEEDED', ...ended],
  VERIFYING: ['SUCCEEDED', ...ended],
  NO_CHANGES: [],
  SUCCEEDED: [],
  FAILED: [],
  DISCARDED: [],
  CANCELLED: [],
  SUPERSEDED: [],
  EXPIRED: [],
} as const satisfies Record<RunStatus, readonly RunStatus[]>

export const terminalRunStatuses = RunStatus.options.filter((status) => runTransitions[status].length === 0)
export const isTerminal = (status: RunStatus): boolean => runTransitions[status].length === 0

/** Nothing was applied yet: a newer revision may take the run's place. */
export const waitingRunStatuses: readonly RunStatus[] = RunStatus.options.filter((status) =>
  (runTransitions[status] as readonly string[]).includes('SUPERSEDED'),
)

/** The statuses from which `to` is legal, for a conditional write. */
export function runStatusesBefore(to: RunStatus): RunStatus[] {
  return RunStatus.options.filter((from) => (runTransitions[from] as readonly string[]).includes(to))
}
