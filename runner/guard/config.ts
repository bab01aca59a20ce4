/** What the runner tells the guard, by environment: cdktf passes its own through. */
export interface GuardConfig {
  /** The real binary. */
  readonly terraform: string
  /** The answer to `terraform version -json`, as the runner read it. */
  readonly version: string
  readonly plan: string
  readonly planSha256: string
  /** Gets Terraform's `-json` lines. */
  readonly eventsFile: string
  /** Gets `{ pid }` when Terraform starts and `{ pid, exitCode, signal }` when it has ended. */
  readonly resultFile: string
  /** Says `go` once Terraform may start, or `stop`. */
  readonly goFile: string
  readonly lockTimeoutSeconds: number
  /** What Terraform gets: the guard's environment without what is meant for the guard. */
  readonly childEnvironment: Readonly<Record<string, string | undefined>>
  /** The runner: when it is gone, Terraform is interrupted so that it saves. */
  readonly runnerPid: number
}

type Setting = Exclude<keyof GuardConfig, 'childEnvironment'>

const names = {
  terraform: 'GANTRY_GUARD_TERRAFORM',
  version: 'GANTRY_GUARD_VERSION',
  plan: 'GANTRY_GUARD_PLAN',
  planSha256: 'GANTRY_GUARD_PLAN_SHA256',
  eventsFile: 'GANTRY_GUARD_EVENTS',
  resultFile: 'GANTRY_GUARD_RESULT',
  goFile: 'GANTRY_GUARD_GO',
  lockTimeoutSeconds: 'GANTRY_GUARD_LOCK_TIMEOUT',
  runnerPid: 'GANTRY_GUARD_RUNNER_PID',
} as const satisfies Record<Setting, string>

/** The variables that carry a configuration to the guard. */
export function guardEnvironment(config: Pick<GuardConfig, Setting>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([setting, name]) => [name, String(config[setting as Setting])]))
}

export function parseGuardConfig(env: Readonly<Record<string, string | undefined>> = process.env): GuardConfig {
  const read = (key: Setting): string => {
    const value = env[names[key]]
    if (!value) throw new Error(`${names[key]} is not set: the guard runs only as the runner's TERRAFORM_BINARY_NAME`)
    return value
  }
  const own = new Set<string>([...Object.values(names), 'TERRAFORM_BINARY_NAME'])
  return {
    childEnvironment: Object.fromEntries(Object.entries(env).filter(([name]) => !own.has(name))),
    terraform: read('terraform'),
    version: read('version'),
    plan: read('plan'),
    planSha256: read('planSha256'),
    eventsFile: read('eventsFile'),
    resultFile: read('resultFile'),
    goFile: read('goFile'),
    lockTimeoutSeconds: Number(read('lockTimeoutSeconds')),
    runnerPid: Number(read('runnerPid')),
  }
}
