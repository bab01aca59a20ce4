import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TerraformResult } from '../../terraform/run-terraform.ts'
import { sha256 } from '../archive.ts'
import { lockFile, type Project, planFile, stackDirectory } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import type { RunFailure } from '../run-failure.ts'
import { readStateBase, type StateBase } from '../state-base.ts'
import { planFailure, terraformIn } from '../terraform-in.ts'

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
  const result = await terraformIn(context, project, [...args, '-no-color'])
  if (result.exitCode !== 0 && result.exitCode !== 2) throw await failureOf(context, project, args, result)
  const directory = stackDirectory(project)
  const [plan, lock] = await Promise.all([readFile(join(directory, planFile)), readFile(join(directory, lockFile))])
  return { changes: result.exitCode === 2, text: result.stdout, planSha256: sha256(plan), lockSha256: sha256(lock), base }
}

/** A plan is made for people to read; only a failed one is made again for its diagnostics, which are then facts, not prose. */
async function failureOf(context: RunContext, project: Project, args: readonly string[], first: TerraformResult): Promise<RunFailure> {
  const { stdout } = await terraformIn(context, project, [...args, '-json'])
  return planFailure('plan', { ...first, stdout })
}
