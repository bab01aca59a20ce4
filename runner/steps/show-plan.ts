import { errorMessage, firstError } from '../../terraform/diagnostics.ts'
import { startTerraform, type TerraformResult } from '../../terraform/run-terraform.ts'
import { type Project, planFile, stackDirectory } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

/** Plans without the state's lock and answers `terraform show -json` of it. Nothing of it is kept: it has every value in the open. */
export async function showPlan<T>(context: RunContext, project: Project, mode: readonly string[]): Promise<T> {
  const planned = await terraform(context, project, ['plan', ...mode, '-input=false', '-lock=false', '-json', `-out=${planFile}`])
  if (planned.exitCode !== 0) throw planFailure(planned)
  const { exitCode, stdout, stderr } = await terraform(context, project, ['show', '-json', planFile])
  if (exitCode !== 0) throw new RunFailure('PLAN_FAILED', `terraform show ended with exit code ${exitCode}: ${stderr.trim()}`)
  return JSON.parse(stdout) as T
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

function planFailure({ exitCode, stdout, stderr }: TerraformResult): RunFailure {
  const error = firstError(stdout.split('\n'))
  if (error) return new RunFailure('PLAN_FAILED', errorMessage(error), error.address ? { resource: error.address } : {})
  return new RunFailure('PLAN_FAILED', `terraform plan ended with exit code ${exitCode}: ${stderr.trim()}`)
}
