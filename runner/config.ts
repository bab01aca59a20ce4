import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

const Variables = z.object({
  GANTRY_PLATFORM: z.string().regex(/^[a-z][a-z0-9]{0,15}$/),
  GANTRY_TABLE: z.string().min(1),
  RUN_ID: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  AWS_REGION: z.string().min(1),
  AWS_ENDPOINT_URL: z.url().optional(),
  GANTRY_PROVIDER_MIRROR: z.string().optional(),
  CODEBUILD_BUILD_ID: z.string().optional(),
})

/** The programs that a run starts, as files. */
export interface Programs {
  readonly stacks: string
  readonly guard: string
  readonly cdktf: string
  readonly terraform: string
}

export interface RunnerConfig {
  readonly platform: string
  readonly table: string
  readonly runId: string
  readonly region: string
  readonly endpoint: string | undefined
  readonly providerMirror: string | undefined
  readonly buildId: string | undefined
  readonly programs: Programs
  /** The runner's own environment, from which children get named variables only. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Where the programs lie beside the runner's own bundle (`dist/runner/main.mjs`). */
export function bundledPrograms(bundle: string = fileURLToPath(import.meta.url)): Programs {
  const beside = dirname(bundle)
  const cli = dirname(createRequire(bundle).resolve('cdktf-cli/package.json'))
  return {
    stacks: join(beside, '..', 'stacks', 'main.mjs'),
    guard: join(beside, 'guard.mjs'),
    cdktf: join(cli, 'bundle', 'bin', 'cdktf'),
    terraform: 'terraform',
  }
}

/** Throws one sentence that names the variable or the missing program. */
export function parseConfig(env: Readonly<Record<string, string | undefined>> = process.env, programs?: Programs): RunnerConfig {
  const parsed = Variables.safeParse(env)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Error(`Environment variable ${issue?.path.join('.')}: ${issue?.message}`)
  }
  const found = programs ?? bundledPrograms()
  const missing = [found.stacks, found.guard, found.cdktf].find((file) => !existsSync(file))
  if (missing) throw new Error(`${missing} does not exist: build the bundles first (npm run build)`)
  const { data } = parsed
  return {
    platform: data.GANTRY_PLATFORM,
    table: data.GANTRY_TABLE,
    runId: data.RUN_ID,
    region: data.AWS_REGION,
    endpoint: data.AWS_ENDPOINT_URL,
    providerMirror: data.GANTRY_PROVIDER_MIRROR,
    buildId: data.CODEBUILD_BUILD_ID,
    programs: found,
    environment: env,
  }
}
