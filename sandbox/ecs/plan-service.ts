/** One task as the service scheduler sees it. */
interface PlannedTask {
  readonly id: string
  /** Whether it belongs to the deployment that shall run. */
  readonly current: boolean
  /** Running, and in service at every load balancer. */
  readonly healthy: boolean
}

export interface ServicePlanInput {
  readonly desiredCount: number
  readonly minimumHealthyPercent: number
  readonly maximumPercent: number
  /** Without those that are stopping. */
  readonly tasks: readonly PlannedTask[]
  /** False while the scheduler waits after failures, or has given the deployment up. */
  readonly mayStart: boolean
}

/** What to do now. Surplus goes first among the unhealthy, then among the newest. */
export interface ServicePlan {
  readonly start: number
  readonly stop: readonly string[]
}

/** ECS's rolling update: never more than the maximum, never fewer healthy ones than the minimum as long as there are that many. */
export function planService(input: ServicePlanInput): ServicePlan {
  const { desiredCount, tasks } = input
  const minimum = Math.ceil((desiredCount * input.minimumHealthyPercent) / 100)
  const maximum = Math.max(desiredCount, Math.floor((desiredCount * input.maximumPercent) / 100))
  const current = tasks.filter((task) => task.current)
  const old = tasks.filter((task) => !task.current)
  const start = input.mayStart ? Math.max(0, Math.min(desiredCount - current.length, maximum - tasks.length)) : 0

  const expendableFirst = (list: readonly PlannedTask[]): PlannedTask[] =>
    list.toReversed().sort((a, b) => Number(a.healthy) - Number(b.healthy))
  const surplus = expendableFirst(current).slice(0, Math.max(0, current.length - desiredCount))
  let spare = tasks.filter((task) => task.healthy).length - surplus.filter((task) => task.healthy).length - minimum
  const replaced = expendableFirst(old).filter((task) => {
    if (desiredCount === 0) return true
    if (!task.healthy) return current.length > 0 || tasks.length >= maximum
    spare -= 1
    return spare >= 0
  })
  return { start, stop: [...surplus, ...replaced].map((task) => task.id) }
}
