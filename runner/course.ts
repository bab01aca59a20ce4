import type { LoadBalancerMode } from '../schema/contract.ts'
import type { ResolvedDefinition } from '../schema/resolve-definition.ts'
import type { Run } from '../schema/run.ts'
import type { Server } from '../schema/server.ts'
import type { ApplyingStatus } from '../store/begin-apply.ts'

/** What a run does beyond its definition, and what becomes of the server. */
export interface Course {
  /** What the server is while the run applies, and once it has succeeded. */
  readonly serverTo: ApplyingStatus
  readonly endsAs: 'IN_SERVICE' | 'STOPPED'
  /** The load balancer that goes on serving until a run of its own takes it away. */
  readonly keepMode: LoadBalancerMode | undefined
  /** The count of tasks, where it is not autoscaling's to say. */
  readonly desiredCount: number | undefined
  /** The server is what the last run made of it, and works: a plan without changes leaves nothing to prove. */
  readonly settled: boolean
}

export interface CourseInput {
  readonly server: Server
  readonly run: Pick<Run, 'phase'>
  readonly enabled: boolean
  /** Undefined where today's schema refuses it: such a server can be stopped. */
  readonly definition: ResolvedDefinition | undefined
  /** What ECS wants now; undefined where there is no service yet. */
  readonly desiredNow: number | undefined
}

export function courseOf({ server, run, enabled, definition, desiredNow }: CourseInput): Course {
  const endsAs = enabled ? 'IN_SERVICE' : 'STOPPED'
  const { appliedMode, status } = server
  const mode = definition?.loadBalancer.mode ?? appliedMode
  const serves = enabled && status !== 'STOPPED' && status !== 'CREATING'
  const switches = serves && run.phase !== 'contract' && appliedMode !== undefined && appliedMode !== mode
  const keepMode = switches ? appliedMode : undefined
  return {
    serverTo: applyingStatus(status, enabled),
    endsAs,
    keepMode,
    desiredCount: enabled && definition ? countToSet(definition, desiredNow) : undefined,
    settled: status === endsAs && keepMode === undefined,
  }
}

function applyingStatus(status: Server['status'], enabled: boolean): ApplyingStatus {
  if (status === 'CREATING') return 'CREATING'
  if (status === 'IN_SERVICE' && !enabled) return 'STOPPING'
  if (status === 'STOPPED' && enabled) return 'STARTING'
  return 'UPDATING'
}

/** Autoscaling acts only when an alarm does: a start, and limits that leave the count outside, must set it. */
function countToSet({ autoScalingConfig }: ResolvedDefinition, now: number | undefined): number | undefined {
  const { minCapacity, maxCapacity } = autoScalingConfig
  if (now === undefined || (now >= minCapacity && now <= maxCapacity)) return undefined
  return now < minCapacity ? minCapacity : maxCapacity
}
