import { errorMessage, firstError } from '../terraform/diagnostics.ts'
import { startTerraform, type TerraformResult } from '../terraform/run-terraform.ts'
import { type Project, stackDirectory } from './project.ts'
import type { RunContext } from './run-context.ts'
import { RunFailure } from './run-failure.ts'

/** Runs Terraform in a project's stack until it ends; throws where the run was asked to stop meanwhile. */
export async function terraformIn(context: RunContext, project: Project, args: readonly string[]): Promise<TerraformResult> {
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

/** `terraform show -json` of the stack's plan. It has every value in the open: nothing of it may be kept. */
export async function showPlanFile<T>(context: RunContext, project: Project, file: string): Promise<T> {
  const { exitCode, stdout, stderr } = await terraformIn(context, project, ['show', '-json', file])
  if (exitCode !== 0) throw new RunFailure('PLAN_FAILED', `terraform show ended with exit code ${exitCode}: ${stderr.trim()}`)
  return JSON.parse(stdout) as T
}

/** What a command with `-json` that failed said, by its first diagnostic. */
export function planFailure(command: string, { exitCode, stdout, stderr }: TerraformResult): RunFailure {
  const error = firstError(stdout.split('\n'))
  if (error) return new RunFailure('PLAN_FAILED', errorMessage(error), error.address ? { resource: error.address } : {})
  return new RunFailure('PLAN_FAILED', `terraform ${command} ended with exit code ${exitCode}: ${stderr.trim()}`)
}
