import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorMessage, firstError } from '../../terraform/diagnostics.ts'
import { startTerraform, type TerraformResult } from '../../terraform/run-terraform.ts'
import { sha256 } from '../archive.ts'
import { lockFile, type Project, planFile, stackDirectory } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { readStateBase, type StateBase } from '../state-base.ts'

export interface MadePlan {
  readonly changes: boolean
  /** Terraform's own words for people, not yet redacted. */
  readonly text: string
  readonly planSha256: string
  readonly lockSha256: string
  readonly base: StateBase
}

/** `terraform plan -out`, without taking the state's lock: a plan changes nothing. */
export async function makePlan(context: RunContext, project: Project, options: { destroy: boolean }): Promise<MadePlan> {
  const base = await readStateBase(context)
  const args = ['plan', '-input=false', '-lock=false', '-detailed-exitcode', `-out=${planFile}`, ...(options.destroy ? ['-destroy'] : [])]
  const result = await terraform(context, project, [...args, '-no-color'])
  if (result.exitCode !== 0 && result.exitCode !== 2) throw await planFailure(context, project, args, result)
  const directory = stackDirectory(project)
  const [plan, lock] = await Promise.all([readFile(join(directory, planFile)), readFile(join(directory, lockFile))])
  return { changes: result.exitCode === 2, text: result.stdout, planSha256: sha256(plan), lockSha256: sha256(lock), base }
}

async function terraform(context: RunContext, project: Project, args: readonly string[]): Promise<TerraformResult> {
  const { done } = startTerraform({
    terraform: context.config.programs.terraform,
    args,
    cwd: stackDirectory(project),
    env: context.terraformEnvironment,
    signal: context.signal,
  })
  const result = await done
  context.signal.throwIfAborted()
  return result
}

/** A plan is made for people to read; only a failed one is made again for its diagnostics, which are then facts, not prose. */
async function planFailure(context: RunContext, project: Project, args: readonly string[], first: TerraformResult): Promise<RunFailure> {
  const again = await terraform(context, project, [...args, '-json'])
  const error = firstError(again.stdout.split('\n'))
  if (error) return new RunFailure('PLAN_FAILED', errorMessage(error), error.address ? { resource: error.address } : {})
  return new RunFailure('PLAN_FAILED', `terraform plan ended with exit code ${first.exitCode}: ${first.stderr.trim()}`)
}
