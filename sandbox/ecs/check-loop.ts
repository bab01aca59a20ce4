export type CheckState = 'initial' | 'healthy' | 'unhealthy'

export interface CheckPlan {
  /** True where the check passes; it must settle by itself. */
  readonly probe: () => Promise<boolean>
  readonly intervalMs: number
  /**
   * How often to look before the first success. A success counts at once, as it does for a new target in AWS; failures count no
   * more than one an interval, so that quick looks never make anything unhealthy sooner than AWS would.
   */
  readonly firstIntervalMs: number
  readonly failuresToUnhealthy: number
  /** Out of `unhealthy`; out of `initial` one is enough. */
  readonly successesToHealthy: number
  /** Failures in this first while do not count. */
  readonly startPeriodMs: number
  readonly onChange: (state: CheckState) => void
}

/** Checks until stopped, and tells each change of state. */
export function startChecks(plan: CheckPlan): { stop(): void } {
  const began = Date.now()
  let state: CheckState = 'initial'
  let streak = 0
  let countedAt = began
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const become = (next: CheckState): void => {
    streak = 0
    if (state === next) return
    state = next
    plan.onChange(next)
  }
  const succeeded = (): void => {
    streak = state === 'unhealthy' ? streak + 1 : 0
    if (state !== 'unhealthy' || streak >= plan.successesToHealthy) become('healthy')
  }
  const failed = (): void => {
    const now = Date.now()
    if (state === 'unhealthy') {
      streak = 0
      return
    }
    if (now - began < plan.startPeriodMs || (state === 'initial' && now - countedAt < plan.intervalMs)) return
    countedAt = now
    streak += 1
    if (streak >= plan.failuresToUnhealthy) become('unhealthy')
  }
  const round = async (): Promise<void> => {
    const passed = await plan.probe().catch(() => false)
    if (stopped) return
    if (passed) succeeded()
    else failed()
    timer = setTimeout(round, state === 'initial' ? Math.min(plan.firstIntervalMs, plan.intervalMs) : plan.intervalMs)
  }
  timer = setTimeout(round, 0)
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
