type Environment = Readonly<Record<string, string | undefined>>

export interface ApiConfig {
  readonly platform: string
  readonly table: string
  readonly region: string
  /** CodeBuild project that runs the runner. */
  readonly runnerProject: string
  /** Where AWS answers, if not at its own addresses. */
  readonly endpoint?: string
  /** The stacks bundle that a dry run spawns. */
  readonly stacksBundle: string
}

/** The environment of the three Lambdas; throws with the name of the variable that is missing or wrong. */
export function parseConfig(env: Environment = process.env): ApiConfig {
  const platform = required(env, 'GANTRY_PLATFORM', /^[a-z][a-z0-9]{0,15}$/)
  return {
    platform,
    table: required(env, 'GANTRY_TABLE', /^[A-Za-z0-9_.-]{3,255}$/),
    region: required(env, 'AWS_REGION', /^[a-z0-9-]+$/),
    runnerProject: env.GANTRY_RUNNER_PROJECT || `gantry-${platform}-runner`,
    stacksBundle: env.GANTRY_STACKS_BUNDLE || new URL('./stacks/main.mjs', import.meta.url).pathname,
    ...(env.AWS_ENDPOINT_URL && { endpoint: env.AWS_ENDPOINT_URL }),
  }
}

function required(env: Environment, name: string, shape: RegExp): string {
  const value = env[name]
  if (!value) throw new Error(`${name} is not set`)
  if (!shape.test(value)) throw new Error(`${name} is ${JSON.stringify(value)}, expected ${shape.source}`)
  return value
}
